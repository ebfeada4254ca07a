namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>What libtorrent had sent and received at one moment.</summary>
/// <param name="Seconds">The moment, on a clock of its own.</param>
/// <param name="Uploaded">Bytes of content sent.</param>
/// <param name="Downloaded">Bytes of content received.</param>
public sealed record LibtorrentCount(double Seconds, long Uploaded, long Downloaded);
