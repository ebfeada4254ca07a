using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class StashTests : TestKit
{
    [Fact]
    public void What_was_put_aside_comes_back_in_order_and_first()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(3);
        actor.Tell("open");
        actor.Tell(4);
        for (var i = 1; i <= 4; i++)
            ExpectMsg(i);
    }

    [Fact]
    public void Unstash_brings_one_back()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("one");
        ExpectMsg(1);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void The_same_message_cannot_be_put_aside_twice()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell("twice");
        ExpectMsg<IllegalActorStateException>();
    }

    [Fact]
    public void What_was_put_aside_survives_a_restart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell(1);
        actor.Tell(2);
        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => actor.Tell("fail"));
        actor.Tell("open");
        ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void The_sender_comes_back_too()
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell(1, probe.Ref);
        actor.Tell("open");
        probe.ExpectMsg(1);
    }

    [Fact]
    public void What_was_put_aside_comes_before_what_came_since()
    {
        using var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell(1);
        actor.Tell(gate);
        actor.Tell(2);
        actor.Tell("open");
        actor.Tell(3);
        gate.Set();
        ExpectMsg(1);
        ExpectMsg(2);
        ExpectMsg(3);
    }

    [Fact]
    public void A_stash_says_what_it_holds_and_can_be_emptied()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stashing()));
        actor.Tell("how many");
        ExpectMsg((0, true, false));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("how many");
        ExpectMsg((2, false, true));
        actor.Tell("clear");
        ExpectMsg(2);
        actor.Tell("how many");
        ExpectMsg((0, true, false));
    }

    private sealed class Stashing : UntypedActor, IWithUnboundedStash
    {
        private bool _open;
        private int _allowed;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "one":
                    _allowed = 1;
                    Stash.Unstash();
                    break;
                case ManualResetEventSlim gate:
                    gate.Wait();
                    break;
                case "how many":
                    Sender.Tell((Stash.Count, Stash.IsEmpty, Stash.NonEmpty));
                    break;
                case "clear":
                    Sender.Tell(Stash.ClearStash().Count());
                    break;
                case "fail":
                    throw new InvalidOperationException("told to");
                case "twice":
                    Stash.Stash();
                    try
                    {
                        Stash.Stash();
                    }
                    catch (IllegalActorStateException e)
                    {
                        Sender.Tell(e);
                    }

                    break;
                case int number when _open || _allowed-- > 0:
                    Sender.Tell(number);
                    break;
                default:
                    Stash.Stash();
                    break;
            }
        }
    }
}
