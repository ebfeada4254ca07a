using System.Globalization;
using ActorTorrent.Engine.Probing;

namespace ActorTorrent.Cli;

/// <summary>Outcomes in words and counts, for people.</summary>
internal static class ProbeSummary
{
    /// <summary>The outcome in plain words.</summary>
    public static string Name(ProbeOutcome outcome) =>
        outcome == ProbeOutcome.Ok ? "OK" : outcome.ToToken().Replace('_', ' ');

    /// <summary>One peer's result after its address: who answered, or the fault with its proof.</summary>
    public static string Describe(ProbeResult result) => result.Outcome == ProbeOutcome.Ok
        ? $"OK {result.PeerId} ({result.Client})"
        : result.Detail is null ? Name(result.Outcome) : $"{Name(result.Outcome)}: {result.Detail}";

    /// <summary>How many ended how, and the time all together took against one after the other.</summary>
    public static string Of(IReadOnlyCollection<ProbeResult> results, TimeSpan elapsed)
    {
        var counts = results
            .GroupBy(static result => result.Outcome)
            .OrderBy(static group => group.Key)
            .Select(static group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {Name(group.Key)}"));
        var sum = TimeSpan.FromTicks(results.Sum(static result => result.Elapsed.Ticks));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} {(results.Count == 1 ? "peer" : "peers")}: {string.Join(", ", counts)}. {elapsed.TotalSeconds:0.0} s together; one after the other: {sum.TotalSeconds:0.0} s.");
    }
}
