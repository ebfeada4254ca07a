using ActorTorrent.Engine.Peers;
using ActorTorrent.Wire.Tests.Support;

namespace ActorTorrent.Engine.Tests.Peers;

public sealed class RateMeterTests
{
    private readonly RateMeter _meter = new(TimeSpan.FromSeconds(5), 10);

    [Fact]
    public void Nothing_measured_is_no_rate() => Assert.Equal(0, _meter.Rate(At(100)));

    [Fact]
    public void A_steady_stream_is_measured_exactly_enough()
    {
        for (var time = 1000.0; time < 1030; time += 0.1)
            _meter.Add(100, At(time));
        Assert.InRange(_meter.Rate(At(1030)), 950, 1050);
        Assert.Equal(300 * 100, _meter.Total, 200d);
    }

    [Fact]
    public void The_beginning_is_not_averaged_with_the_silence_before_it()
    {
        for (var i = 0; i < 10; i++)
            _meter.Add(1000, At(50 + (i * 0.1)));
        Assert.InRange(_meter.Rate(At(51)), 9_000, 11_000);
    }

    [Fact]
    public void The_first_instant_gives_no_absurd_rate()
    {
        _meter.Add(16384, At(7));
        Assert.Equal(2 * 16384, _meter.Rate(At(7)));
    }

    [Fact]
    public void Silence_brings_the_rate_down_to_nothing()
    {
        for (var i = 0; i < 100; i++)
            _meter.Add(1000, At(i * 0.1));
        var last = _meter.Rate(At(10));
        for (var time = 11; time < 15; time++)
        {
            var rate = _meter.Rate(At(time));
            Assert.True(rate < last, $"{rate} after {last}");
            last = rate;
        }
        Assert.Equal(0, _meter.Rate(At(16)));
        Assert.Equal(100_000, _meter.Total);
    }

    [Fact]
    public void After_a_reset_the_rate_starts_anew()
    {
        _meter.Add(1_000_000, At(1));
        _meter.Reset();
        Assert.Equal(0, _meter.Rate(At(1)));
        _meter.Add(500, At(2));
        Assert.Equal(500, _meter.Rate(At(3)));
        Assert.Equal(1_000_500, _meter.Total);
    }

    [Fact]
    public void A_sample_allocates_nothing()
    {
        var now = At(0);
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                now += TimeSpan.FromMilliseconds(1);
                _meter.Add(1, now);
                _ = _meter.Rate(now);
            }
        }));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
