using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Lab.Demo;

/// <summary>How the engine's download ended.</summary>
/// <param name="Final">The torrent at the end; null when nothing was heard of it.</param>
/// <param name="Failure">Why it did not complete; null when it did.</param>
/// <param name="Faults">Every fault that the engine told of, in order.</param>
/// <param name="FailedPieces">How many pieces did not match their hash.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record DemoDownloadResult(
    TorrentSnapshot? Final, string? Failure, IReadOnlyList<FaultJournalEntry> Faults, int FailedPieces, TimeSpan Elapsed);
