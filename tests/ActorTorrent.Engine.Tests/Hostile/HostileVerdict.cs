using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>What came of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Observed">What the journal held of its peers.</param>
/// <param name="Elapsed">From the first connection to the verdict.</param>
/// <param name="Failure">What was wrong; null when all was right.</param>
internal sealed record HostileVerdict(
    HostileCase Case, IReadOnlyList<FaultJournalEntry> Observed, TimeSpan Elapsed, Exception? Failure);
