using ActorTorrent.Service.Api;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>What many ask for is made once, and is never old.</summary>
public sealed class SharedTests
{
    private readonly Clock _clock = new();
    private int _made;

    [Fact]
    public async Task Who_asks_at_about_the_same_time_gets_the_same()
    {
        var shared = new Shared<int>(_clock);
        var end = new TaskCompletionSource<int>();
        var first = shared.GetAsync(() => end.Task);
        var second = shared.GetAsync(Make);
        end.SetResult(7);

        Assert.Equal((7, 7), (await first, await second));
        Assert.Equal(0, _made);

        _clock.Advance(Shared<int>.Fresh - TimeSpan.FromMilliseconds(1));
        Assert.Equal(7, await shared.GetAsync(Make));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await shared.GetAsync(Make));
        GC.KeepAlive(first);
    }

    [Fact]
    public async Task A_failure_is_for_those_who_were_there()
    {
        var shared = new Shared<int>(_clock);
        var failed = shared.GetAsync(static () => Task.FromException<int>(new InvalidOperationException("no")));

        await Assert.ThrowsAsync<InvalidOperationException>(() => failed);
        Assert.Equal(1, await shared.GetAsync(Make));
    }

    [Fact]
    public async Task What_is_made_of_something_else_is_not_the_same()
    {
        var shared = new Shared<int>(_clock);
        var first = shared.GetAsync(Make, "one");
        Assert.Equal(1, await first);
        Assert.Equal(1, await shared.GetAsync(Make, "one"));
        Assert.Equal(2, await shared.GetAsync(Make, "other"));
        GC.KeepAlive(first);
    }

    private Task<int> Make() => Task.FromResult(++_made);

    private sealed class Clock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
