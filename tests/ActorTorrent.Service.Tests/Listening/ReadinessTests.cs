using ActorTorrent.Service.Listening;

namespace ActorTorrent.Service.Tests.Listening;

public sealed class ReadinessTests
{
    private const int Turns = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void What_was_said_before_is_remembered_once()
    {
        var readiness = new Readiness();
        readiness.Say();
        readiness.Say();
        Assert.True(readiness.WaitAsync().AsTask().IsCompletedSuccessfully);
        var second = readiness.WaitAsync().AsTask();
        Assert.False(second.IsCompleted);
        readiness.Say();
        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(readiness.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task No_word_is_lost_between_threads()
    {
        var (ping, pong) = (new Readiness(), new Readiness());
        async Task PlayAsync(Readiness hears, Readiness says)
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                await hears.WaitAsync().ConfigureAwait(false);
                says.Say();
                // Else the two would run on one thread, one out of the other.
                if (turn % 3 == 0)
                    await Task.Yield();
            }
        }
        var players = Task.WhenAll(Task.Run(() => PlayAsync(ping, pong)), Task.Run(() => PlayAsync(pong, ping)));
        ping.Say();
        await players.WaitAsync(Patience);
    }
}
