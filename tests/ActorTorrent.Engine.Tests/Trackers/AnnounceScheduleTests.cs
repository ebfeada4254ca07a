using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class AnnounceScheduleTests
{
    private static readonly TrackerOptions Options = new()
    {
        IntervalFloor = TimeSpan.FromMinutes(1),
        IntervalCeiling = TimeSpan.FromHours(1),
        DefaultMinInterval = TimeSpan.FromMinutes(2),
        BackoffBase = TimeSpan.FromSeconds(5),
        BackoffCap = TimeSpan.FromMinutes(30),
        BackoffJitter = 0.2,
    };

    [Theory]
    [InlineData(1800, null, 1800, 120)]
    [InlineData(1800, 900, 1800, 900)]
    [InlineData(0, null, 60, 60)]
    [InlineData(30, 5, 60, 60)]
    [InlineData(90, null, 90, 90)]
    [InlineData(600, 1200, 1200, 1200)]
    [InlineData(1_000_000, 500_000, 3600, 3600)]
    public void Intervals_stay_within_the_bounds(int interval, int? minInterval, int expected, int expectedEarly)
    {
        var schedule = new AnnounceSchedule(Options, new Random(1));
        var least = minInterval is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var response = new AnnounceResponse(TimeSpan.FromSeconds(interval), least, [], null, null, null, null);
        Assert.Equal(TimeSpan.FromSeconds(expected), schedule.Interval(response));
        Assert.Equal(TimeSpan.FromSeconds(expectedEarly), schedule.MinInterval(response));
    }

    [Fact]
    public void Backoff_doubles_with_jitter_up_to_the_cap()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var schedule = new AnnounceSchedule(Options, new Random(seed));
            var previous = TimeSpan.Zero;
            for (var failures = 1; failures <= 9; failures++)
            {
                var full = Options.BackoffBase * Math.Pow(2, failures - 1);
                var delay = schedule.Backoff(failures);
                Assert.InRange(delay, full * 0.8, full);
                Assert.True(delay > previous);
                previous = delay;
            }
            Assert.InRange(schedule.Backoff(10), Options.BackoffCap * 0.8, Options.BackoffCap);
            Assert.InRange(schedule.Backoff(int.MaxValue), Options.BackoffCap * 0.8, Options.BackoffCap);
        }
    }

    [Fact]
    public void A_longer_pause_that_the_tracker_asks_for_is_kept_within_the_cap()
    {
        var schedule = new AnnounceSchedule(Options, new Random(1));
        Assert.Equal(TimeSpan.FromMinutes(10), schedule.Backoff(1, TimeSpan.FromMinutes(10)));
        Assert.Equal(Options.BackoffCap, schedule.Backoff(1, TimeSpan.FromDays(10)));
        Assert.InRange(schedule.Backoff(4, TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void The_first_failure_is_the_first() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnounceSchedule(Options, new Random(1)).Backoff(0));
}
