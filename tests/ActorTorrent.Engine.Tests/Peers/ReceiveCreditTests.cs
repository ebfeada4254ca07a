using ActorTorrent.Engine.Peers;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What holds a connection back that receives faster than it is listened to.</summary>
public sealed class ReceiveCreditTests
{
    [Fact]
    public async Task What_is_there_is_had_at_once()
    {
        var credit = new ReceiveCredit(2);
        await credit.TakeAsync();
        await credit.TakeAsync();
        Assert.Equal(0, credit.Left);
        credit.GiveBack();
        Assert.Equal(1, credit.Left);
    }

    [Fact]
    public async Task Who_takes_more_waits_until_something_is_given_back_again_and_again()
    {
        var credit = new ReceiveCredit(1);
        await credit.TakeAsync();
        for (var i = 0; i < 100; i++)
        {
            var taking = credit.TakeAsync().AsTask();
            Assert.False(taking.IsCompleted);
            Assert.Equal(-1, credit.Left);
            credit.GiveBack();
            await taking;
        }
        Assert.Equal(0, credit.Left);
    }

    [Fact]
    public async Task Nothing_is_lost_between_a_loop_that_takes_and_threads_that_give_back()
    {
        const int Rounds = 100_000;
        var credit = new ReceiveCredit(4);
        var taken = 0;
        var loop = Task.Run(async () =>
        {
            for (; taken < Rounds; taken++)
                await credit.TakeAsync();
        });
        var left = Rounds - 4;
        var givers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                // No more than was taken: below the start there is always room.
                SpinWait.SpinUntil(() => credit.Left < 4);
                credit.GiveBack();
            }
        }));
        await Task.WhenAll(givers);
        await loop.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((Rounds, 0), (taken, credit.Left));
    }
}
