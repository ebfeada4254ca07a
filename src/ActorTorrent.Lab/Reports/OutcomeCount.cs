namespace ActorTorrent.Lab.Reports;

/// <summary>How many probes ended alike.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Count">How many.</param>
public sealed record OutcomeCount(string Outcome, int Count);
