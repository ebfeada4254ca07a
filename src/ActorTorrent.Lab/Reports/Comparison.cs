using System.Globalization;

namespace ActorTorrent.Lab.Reports;

/// <summary>Two variants by one measure, and what may be said of them.</summary>
/// <param name="A">The one.</param>
/// <param name="B">The other.</param>
/// <param name="Name">The measure's name.</param>
/// <param name="OfA">The measure of the one.</param>
/// <param name="OfB">Of the other.</param>
/// <param name="ArePaired">Whether their n-th values have the same seed, so that differences can be taken one by one.</param>
public sealed record Comparison(string A, string B, string Name, Measure OfA, Measure OfB, bool ArePaired)
{
    /// <summary>The differences, seed by seed; null when there are none, or some of their terms are only lower bounds.</summary>
    public Estimate? Difference => ArePaired && OfA.AtLeast + OfB.AtLeast == 0 && OfA.Values.Count == OfB.Values.Count
        ? Estimate.Of([.. OfA.Values.Zip(OfB.Values, static (a, b) => a - b)])
        : null;

    /// <summary>What the intervals say.</summary>
    public string Verdict
    {
        get
        {
            if (OfA.AtLeast > 0 && OfB.AtLeast > 0)
                return "cannot be compared: both hold lower bounds";
            if (!OfA.Estimate.IsApartFrom(OfB.Estimate))
                return OfA.AtLeast + OfB.AtLeast > 0 ? "overlap, and some values are only lower bounds" : "overlap: no difference shown";
            var (bound, other) = OfA.AtLeast > 0 ? (OfA, OfB) : (OfB, OfA);
            return bound.AtLeast > 0 && bound.Estimate.Mean < other.Estimate.Mean
                ? "cannot be compared: the lower one is only a lower bound"
                : "do not overlap";
        }
    }

    /// <summary>All of it, in a sentence.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {A} {OfA.Text}, {B} {OfB.Text}: the 95 % intervals {Verdict}");
}
