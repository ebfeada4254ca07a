using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Running;

namespace ActorTorrent.Lab.Tests.Reports;

public sealed class StatisticsTests
{
    [Fact]
    public void The_interval_is_students()
    {
        var estimate = Estimate.Of([4.0, 5.0, 6.0, 7.0, 8.0])!;
        Assert.Equal(6, estimate.Mean, 9);
        // s = 1.5811, t(4) = 2.776, n = 5.
        Assert.Equal(2.776 * 1.5811388 / Math.Sqrt(5), estimate.HalfWidth, 3);
        Assert.True(double.IsNaN(Estimate.Of([1.0])!.HalfWidth));
        Assert.Null(Estimate.Of([]));
    }

    [Theory]
    [InlineData(31, 2.0395)]
    [InlineData(60, 2.0003)]
    [InlineData(1000, 1.9623)]
    public void Beyond_the_table_the_quantile_goes_on(int degrees, double quantile) => Assert.Equal(quantile, Estimate.Quantile(degrees), 3);

    [Fact]
    public void Intervals_are_apart_or_not()
    {
        var low = Estimate.Of([1.0, 1.1, 0.9])!;
        Assert.True(low.IsApartFrom(Estimate.Of([5.0, 5.1, 4.9])!));
        Assert.False(low.IsApartFrom(Estimate.Of([1.2, 1.0, 1.1])!));
        Assert.False(low.IsApartFrom(Estimate.Of([50.0])!));
    }

    [Theory]
    [InlineData(2.4512, 0.0426, 0, "2.45 ± 0.04")]
    [InlineData(12, 0, 0, "12 ± 0")]
    [InlineData(27, 13.571, 0, "27.00 ± 13.57")]
    [InlineData(1234.6, 7.9, 0, "1235 ± 8")]
    [InlineData(3.75, double.NaN, 0, "3.75")]
    [InlineData(3.75, 0.42, 5, "≥ 3.75 ± 0.42 (5 not reached)")]
    public void Mean_and_interval_are_told_with_as_many_decimals(double mean, double half, int atLeast, string text)
        => Assert.Equal(text, new Measure("k", "n", new Estimate(5, mean, half)) { AtLeast = atLeast }.Text);

    [Fact]
    public void What_is_said_of_two_is_no_more_than_their_intervals_allow()
    {
        Assert.Equal("do not overlap", Compare([1.0, 1.1, 0.9], [5.0, 5.1, 4.9]).Verdict);
        Assert.Equal("overlap: no difference shown", Compare([1.0, 1.1, 0.9], [1.2, 1.0, 1.1]).Verdict);
        // A lower bound above the other says that it is more; below it, nothing.
        Assert.Equal("do not overlap", Compare([1.0, 1.1, 0.9], [5.0, 5.1, 4.9], atLeastB: 2).Verdict);
        Assert.Equal("cannot be compared: the lower one is only a lower bound", Compare([1.0, 1.1, 0.9], [5.0, 5.1, 4.9], atLeastA: 2).Verdict);
        Assert.Equal("cannot be compared: both hold lower bounds", Compare([1.0, 1.1, 0.9], [5.0, 5.1, 4.9], 1, 1).Verdict);
    }

    [Fact]
    public void Differences_are_taken_seed_by_seed()
    {
        // Seeds differ much, the variants little: the means' intervals overlap, the differences are clear.
        var comparison = Compare([10.0, 20.0, 30.0], [9.0, 18.9, 29.1]);
        Assert.Equal("overlap: no difference shown", comparison.Verdict);
        Assert.Equal(1, comparison.Difference!.Mean, 6);
        Assert.True(comparison.Difference.Low > 0);
        Assert.Null(Compare([10.0, 20.0], [9.0, 18.0], atLeastA: 1).Difference);
        Assert.Null((Compare([10.0, 20.0], [9.0, 18.0]) with { ArePaired = false }).Difference);
    }

    [Fact]
    public void Recovery_is_the_time_to_nine_tenths_of_the_rate_before()
    {
        // 1 MB/s; from 10 s on a fifth of it, from 14 s on 1 MB/s again: nine tenths of a whole second are reached near 14.9 s.
        var run = Run([(10, 1_000_000), (14, 200_000), (30, 1_000_000)], marks: [10]);
        var recovery = Assert.Single(run.Recoveries);
        Assert.True(recovery.IsReached);
        Assert.InRange(recovery.Seconds, 4.5, 5.25);
    }

    [Fact]
    public void A_rate_that_stays_low_has_not_recovered_by_the_next_fault()
    {
        var run = Run([(10, 1_000_000), (30, 500_000)], marks: [10, 20]);
        Assert.Equal([false, false], run.Recoveries.Select(recovery => recovery.IsReached));
        Assert.Equal(10, run.Recoveries[0].Seconds, 3);
        Assert.Equal(10, run.Recoveries[1].Seconds, 3);
    }

    [Fact]
    public void What_does_not_hurt_needs_no_recovery()
        => Assert.Equal(0, Assert.Single(Run([(30, 1_000_000)], marks: [10]).Recoveries).Seconds);

    [Fact]
    public void Before_anything_came_there_is_nothing_to_recover() => Assert.Empty(Run([(30, 0)], marks: [10]).Recoveries);

    private static Comparison Compare(double[] a, double[] b, int atLeastA = 0, int atLeastB = 0) => new(
        "a", "b", "m", new Measure("k", "m", Estimate.Of(a)!) { Values = a, AtLeast = atLeastA }, new Measure("k", "m", Estimate.Of(b)!) { Values = b, AtLeast = atLeastB }, ArePaired: true);

    private static LabRunResult Run((double Until, double Rate)[] phases, double[] marks)
    {
        var samples = new List<LabSample>();
        var downloaded = 0.0;
        for (var at = 0.0; at <= phases[^1].Until; at += 0.25)
        {
            samples.Add(new LabSample { Seconds = at, Downloaded = (long)downloaded });
            downloaded += phases.First(phase => at < phase.Until || phase == phases[^1]).Rate / 4;
        }
        return new LabRunResult { Samples = samples, Seconds = phases[^1].Until, Marks = [.. marks.Select(mark => new FaultMark(mark, "fault"))] };
    }
}
