using ActorTorrent.Engine.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class TrackerEntryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_one_may_be_asked() =>
        Assert.Equal(TimeSpan.Zero, new TrackerEntry(new Uri("http://a.example/")).Remaining(Noon));

    [Fact]
    public void It_is_held_for_as_long_as_said()
    {
        var entry = new TrackerEntry(new Uri("http://a.example/"));
        entry.Hold(Noon, TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), entry.Remaining(Noon));
        Assert.Equal(TimeSpan.FromMinutes(1), entry.Remaining(Noon.AddMinutes(4)));
        Assert.Equal(TimeSpan.Zero, entry.Remaining(Noon.AddMinutes(5)));
    }

    [Fact]
    public void A_clock_set_back_does_not_hold_it_longer_than_was_meant()
    {
        var entry = new TrackerEntry(new Uri("http://a.example/"));
        entry.Hold(Noon, TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), entry.Remaining(Noon.AddHours(-8)));
    }
}
