using ActorTorrent.Engine.Peers;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>What holds a connection back that receives faster than it is listened to.</summary>
public sealed class ReceiveCreditTests : TestKit
{
    [Fact]
    public async Task What_is_there_is_had_at_once()
    {
        var credit = new ReceiveCredit(2, TestActor);
        await credit.TakeAsync();
        await credit.TakeAsync();
        Assert.Equal(0, credit.Left);
        credit.GiveBack();
        Assert.Equal(1, credit.Left);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Who_takes_more_waits_until_something_is_given_back_and_the_connection_is_told()
    {
        var credit = new ReceiveCredit(1, TestActor);
        await credit.TakeAsync();
        for (var i = 0; i < 100; i++)
        {
            var taking = credit.TakeAsync().AsTask();
            Assert.Equal(-1, credit.Left);
            credit.GoOn();
            Assert.False(taking.IsCompleted);
            credit.GiveBack();
            Assert.Same(credit, ExpectMsg<PeerConnectionProtocol.ReceiveMore>().Credit);
            Assert.False(taking.IsCompleted);
            credit.GoOn();
            await taking;
        }
        Assert.Equal(0, credit.Left);
    }

    [Fact]
    public async Task A_stop_makes_who_waits_go_on()
    {
        var credit = new ReceiveCredit(1, ActorRefs.Nobody);
        await credit.TakeAsync();
        var taking = credit.TakeAsync().AsTask();
        credit.Stop();
        await taking.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_stop_makes_who_waits_go_on_when_what_was_given_back_was_told_to_nobody()
    {
        var credit = new ReceiveCredit(1, ActorRefs.Nobody);
        await credit.TakeAsync();
        var taking = credit.TakeAsync().AsTask();
        credit.GiveBack();
        Assert.False(taking.IsCompleted);
        credit.Stop();
        await taking.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_stop_beside_giving_back_makes_who_waits_go_on()
    {
        for (var i = 0; i < 10_000; i++)
        {
            var credit = new ReceiveCredit(1, ActorRefs.Nobody);
            await credit.TakeAsync();
            var taking = credit.TakeAsync().AsTask();
            await Task.WhenAll(Task.Run(credit.GiveBack), Task.Run(credit.Stop));
            await taking.WaitAsync(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task Nothing_is_lost_between_a_loop_that_takes_and_threads_that_give_back()
    {
        const int Rounds = 100_000;
        var connection = Sys.ActorOf(Props.Create(() => new Connection()));
        var credit = new ReceiveCredit(4, connection);
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

    private sealed class Connection : ReceiveActor
    {
        public Connection()
        {
            Receive<PeerConnectionProtocol.ReceiveMore>(static more => more.Credit.GoOn());
        }
    }
}
