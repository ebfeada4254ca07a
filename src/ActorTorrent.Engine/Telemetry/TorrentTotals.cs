namespace ActorTorrent.Engine.Telemetry;

/// <summary>A torrent's numbers over all sessions.</summary>
/// <param name="Downloaded">Bytes of blocks received.</param>
/// <param name="Uploaded">Bytes of blocks sent.</param>
/// <param name="Seeding">Time spent seeding until the moment of the snapshot; while it seeds, it goes on.</param>
/// <param name="AddedAt">When it was taken in first.</param>
/// <param name="CompletedAt">When everything wanted was there; null before.</param>
public sealed record TorrentTotals(long Downloaded, long Uploaded, TimeSpan Seeding, DateTimeOffset AddedAt, DateTimeOffset? CompletedAt);
