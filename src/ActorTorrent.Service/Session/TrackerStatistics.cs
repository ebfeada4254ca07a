namespace ActorTorrent.Service.Session;

/// <summary>One tracker in numbers, all torrents together, since this start.</summary>
/// <param name="Tracker">Its scheme, host and port.</param>
/// <param name="Announces">Announces that it answered.</param>
/// <param name="Failures">Announces that it did not answer or refused.</param>
/// <param name="Peers">Addresses in its answers.</param>
/// <param name="LastError">What went wrong last; null when nothing did, or it has worked since.</param>
public sealed record TrackerStatistics(string Tracker, long Announces, long Failures, long Peers, string? LastError);
