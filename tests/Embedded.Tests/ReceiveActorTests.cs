using Akka.Event;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class ReceiveActorTests : TestKit
{
    [Theory]
    [InlineData("text", "string text")]
    [InlineData(5, "small 5")]
    [InlineData(500, "int 500")]
    [InlineData(5L, "long, true")]
    [InlineData(6.5, "any 6.5")]
    public void Handlers_are_tried_in_order(object message, string expected)
    {
        Sys.ActorOf(Props.Create(() => new Ordered())).Tell(message);
        ExpectMsg(expected);
    }

    [Fact]
    public void A_handler_that_says_false_leaves_the_message_to_the_next()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Ordered()));
        actor.Tell(-5L);
        ExpectMsg("any -5");
    }

    [Fact]
    public void What_nobody_handles_is_published_as_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new OnlyStrings()));
        actor.Tell(1);
        var unhandled = ExpectMsg<UnhandledMessage>();
        Assert.Equal(1, unhandled.Message);
        Assert.Equal(actor, unhandled.Recipient);
        Assert.Equal(TestActor, unhandled.Sender);
    }

    [Theory]
    [InlineData("any")]
    [InlineData("object")]
    public void A_handler_after_one_that_takes_all_is_refused(string kind)
    {
        var actor = Sys.ActorOf(Props.Create(() => new Refused(kind, TestActor)));
        ExpectMsg<InvalidOperationException>();
        Sys.Stop(actor);
    }

    [Fact]
    public void Base_types_and_interfaces_match_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ByBase()));
        actor.Tell(new ArgumentNullException("x"));
        ExpectMsg("argument");
        actor.Tell(new List<int>());
        ExpectMsg("enumerable");
    }

    [Fact]
    public void Handlers_by_type_object_work()
    {
        var actor = Sys.ActorOf(Props.Create(() => new ByType()));
        actor.Tell("a");
        ExpectMsg("text a");
        actor.Tell(7);
        ExpectMsg("seven");
    }

    [Fact]
    public void Async_handlers_finish_before_the_next_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Slow()));
        for (var i = 0; i < 10; i++)
            actor.Tell(i);
        for (var i = 0; i < 10; i++)
        {
            ExpectMsg($"begin {i}");
            ExpectMsg($"end {i}");
        }
    }

    [Fact]
    public void Sender_and_self_survive_an_await()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Slow()));
        actor.Tell("who");
        Assert.Equal(actor, ExpectMsg<IActorRef>());
    }

    [Fact]
    public void An_async_failure_is_the_actors_failure_with_the_very_exception()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Slow()));
        EventFilter.Exception<TimeoutException>("late").ExpectOne(() => actor.Tell(new TimeoutException("late")));
        actor.Tell(1);
        ExpectMsg("begin 1");
        ExpectMsg("end 1");
    }

    [Fact]
    public void Receive_outside_constructor_and_become_is_refused()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Late()));
        actor.Tell("x");
        ExpectMsg<InvalidOperationException>();
    }

    [Fact]
    public void Become_with_handlers_replaces_them_all()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody()));
        actor.Tell("hi");
        ExpectMsg("calm hi");
        actor.Tell(1);
        actor.Tell("hi");
        ExpectMsg("angry hi");
        actor.Tell(2);
        actor.Tell("hi");
        ExpectMsg("calm hi");
    }

    [Fact]
    public void Stacked_handlers_are_taken_off_again()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Layered()));
        actor.Tell("?");
        ExpectMsg("bottom");
        actor.Tell("push");
        actor.Tell("?");
        ExpectMsg("top");
        actor.Tell("pop");
        actor.Tell("?");
        ExpectMsg("bottom");
    }

    [Fact]
    public void What_the_new_handlers_leave_is_unhandled()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new Layered()));
        actor.Tell("push");
        actor.Tell("unknown up there");
        Assert.Equal("unknown up there", ExpectMsg<UnhandledMessage>().Message);
    }

    [Fact]
    public void Async_handlers_have_predicates_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Choosy()));
        actor.Tell(1);
        ExpectMsg("small 1");
        actor.Tell(100);
        ExpectMsg("big 100");
        actor.Tell("text");
        ExpectMsg("by type text");
    }

    [Fact]
    public void The_next_message_waits_for_an_async_handler_however_long_it_takes()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(Props.Create(() => new Waiting(go.Task)));
        actor.Tell("wait");
        actor.Tell("next");
        ExpectMsg("waiting");
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        go.SetResult();
        ExpectMsg("done");
        ExpectMsg("next");
    }

    [Fact]
    public void The_sender_is_the_same_after_an_await_though_others_have_written()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Waiting(go.Task)));
        actor.Tell("wait");
        actor.Tell("next", other.Ref);
        ExpectMsg("waiting");
        go.SetResult();
        ExpectMsg("done");
        other.ExpectMsg("next");
    }

    [Fact]
    public void A_predicate_that_throws_is_a_failure()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BadPredicate()));
        EventFilter.Exception<InvalidOperationException>("bad predicate").ExpectOne(() => actor.Tell(1));
        actor.Tell("still here");
        ExpectMsg("still here");
    }

    [Fact]
    public void Nothing_is_unhandled_where_something_takes_all()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new Ordered()));
        actor.Tell('c');
        ExpectMsg("any c");
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    private sealed class Layered : ReceiveActor
    {
        public Layered()
        {
            Receive<string>(s => s == "?", _ => Sender.Tell("bottom"));
            Receive<string>(s => s == "push", _ => BecomeStacked(Top));
        }

        private void Top()
        {
            Receive<string>(s => s == "?", _ => Sender.Tell("top"));
            Receive<string>(s => s == "pop", _ => UnbecomeStacked());
        }
    }

    private sealed class Choosy : ReceiveActor
    {
        public Choosy()
        {
            ReceiveAsync<int>(i => i < 10, async i =>
            {
                await Task.Yield();
                Sender.Tell($"small {i}");
            });
            ReceiveAsync<int>(async i =>
            {
                await Task.Yield();
                Sender.Tell($"big {i}");
            });
            ReceiveAsync(typeof(string), async o =>
            {
                await Task.Yield();
                Sender.Tell($"by type {o}");
            });
        }
    }

    private sealed class Waiting : ReceiveActor
    {
        public Waiting(Task until)
        {
            ReceiveAsync<string>(s => s == "wait", async _ =>
            {
                Sender.Tell("waiting");
                await until;
                Sender.Tell("done");
            });
            Receive<string>(s => Sender.Tell(s));
        }
    }

    private sealed class BadPredicate : ReceiveActor
    {
        public BadPredicate()
        {
            Receive<int>(Bad, _ => { });
            Receive<string>(s => Sender.Tell(s));
        }

        private static bool Bad(int number) => throw new InvalidOperationException("bad predicate");
    }

    private sealed class Ordered : ReceiveActor
    {
        public Ordered()
        {
            Receive<string>(s => Sender.Tell("string " + s));
            Receive<int>(i => i < 10, i => Sender.Tell($"small {i}"));
            Receive<int>(i => Sender.Tell($"int {i}"));
            Receive<long>(l =>
            {
                if (l < 0)
                    return false;
                Sender.Tell("long, true");
                return true;
            });
            ReceiveAny(o => Sender.Tell(FormattableString.Invariant($"any {o}")));
        }
    }

    private sealed class OnlyStrings : ReceiveActor
    {
        public OnlyStrings()
        {
            Receive<string>(_ => { });
        }
    }

    private sealed class Refused : ReceiveActor
    {
        public Refused(string kind, IActorRef observer)
        {
            if (kind == "any")
                ReceiveAny(_ => { });
            else
                Receive<object>(_ => { });
            try
            {
                Receive<string>(_ => { });
            }
            catch (InvalidOperationException e)
            {
                observer.Tell(e);
            }
        }
    }

    private sealed class ByBase : ReceiveActor
    {
        public ByBase()
        {
            Receive<ArgumentException>(_ => Sender.Tell("argument"));
            Receive<System.Collections.IEnumerable>(_ => Sender.Tell("enumerable"));
        }
    }

    private sealed class ByType : ReceiveActor
    {
        public ByType()
        {
            Receive(typeof(string), o => Sender.Tell("text " + o));
            Receive(typeof(int), o => o is 7, _ => Sender.Tell("seven"));
        }
    }

    private sealed class Slow : ReceiveActor
    {
        public Slow()
        {
            ReceiveAsync<int>(async i =>
            {
                Sender.Tell($"begin {i}");
                await Task.Yield();
                Sender.Tell($"end {i}");
            });
            ReceiveAsync<string>(async _ =>
            {
                await Task.Yield();
                Sender.Tell(Self);
            });
            ReceiveAnyAsync(async o =>
            {
                await Task.Yield();
                throw (Exception)o;
            });
        }
    }

    private sealed class Late : ReceiveActor
    {
        public Late()
        {
            ReceiveAny(_ =>
            {
                try
                {
                    Receive<string>(_ => { });
                }
                catch (InvalidOperationException e)
                {
                    Sender.Tell(e);
                }
            });
        }
    }

    private sealed class Moody : ReceiveActor
    {
        public Moody()
        {
            Calm();
        }

        private void Calm()
        {
            Receive<string>(s => Sender.Tell("calm " + s));
            Receive<int>(_ => Become(Angry));
        }

        private void Angry()
        {
            Receive<string>(s => Sender.Tell("angry " + s));
            Receive<int>(_ => Become(Calm));
        }
    }
}
