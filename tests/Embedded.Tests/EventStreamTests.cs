using Akka.Event;
using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

public class EventStreamTests() : TestKit("akka.loglevel = DEBUG")
{
    [Fact]
    public void A_subscriber_gets_what_it_asked_for()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Derived));
        Sys.EventStream.Publish(new Derived());
        ExpectMsg<Derived>();
    }

    [Fact]
    public void Subclasses_are_delivered_too()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Base));
        Sys.EventStream.Publish(new Derived());
        ExpectMsg<Derived>();
    }

    [Fact]
    public void Interfaces_are_delivered_too()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IMarked));
        Sys.EventStream.Publish(new Derived());
        ExpectMsg<Derived>();
    }

    [Fact]
    public void Base_classes_are_not_delivered()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Derived));
        Sys.EventStream.Publish(new Base());
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void Subscribing_twice_delivers_once()
    {
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(Base)));
        Assert.False(Sys.EventStream.Subscribe(TestActor, typeof(Base)));
        Sys.EventStream.Publish(new Base());
        ExpectMsg<Base>();
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void After_unsubscribing_nothing_comes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Base));
        Assert.True(Sys.EventStream.Unsubscribe(TestActor, typeof(Base)));
        Sys.EventStream.Publish(new Base());
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void Unsubscribing_from_all_is_unsubscribing_from_all()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Base));
        Sys.EventStream.Subscribe(TestActor, typeof(Other));
        Sys.EventStream.Unsubscribe(TestActor);
        Sys.EventStream.Publish(new Base());
        Sys.EventStream.Publish(new Other());
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void A_message_to_the_dead_is_a_dead_letter()
    {
        var actor = Dead();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        actor.Tell("too late");
        var letter = ExpectMsg<DeadLetter>();
        Assert.Equal("too late", letter.Message);
        Assert.Equal(TestActor, letter.Sender);
        Assert.Equal(actor.Path, letter.Recipient.Path);
    }

    [Fact]
    public void A_message_to_dead_letters_is_one()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.DeadLetters.Tell("x");
        Assert.Equal("x", ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_suppressed_dead_letter_goes_its_own_way()
    {
        var actor = Dead();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.EventStream.Subscribe(TestActor, typeof(SuppressedDeadLetter));
        actor.Tell(new Discreet());
        Assert.IsType<Discreet>(ExpectMsg<SuppressedDeadLetter>().Message);
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void All_dead_letters_have_one_base()
    {
        var actor = Dead();
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));
        actor.Tell("x");
        actor.Tell(new Discreet());
        ExpectMsg<DeadLetter>();
        ExpectMsg<SuppressedDeadLetter>();
    }

    [Fact]
    public void What_waited_for_an_actor_that_ended_is_dead()
    {
        using var gate = new ManualResetEventSlim();
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Sys.ActorOf(Relay.Of((_, context) =>
        {
            gate.Wait();
            context.Stop(context.Self);
        }));
        actor.Tell("first");
        actor.Tell("second");
        gate.Set();
        Assert.Equal("second", ExpectMsg<DeadLetter>().Message);
    }

    [Theory]
    [InlineData(LogLevel.DebugLevel)]
    [InlineData(LogLevel.InfoLevel)]
    [InlineData(LogLevel.WarningLevel)]
    [InlineData(LogLevel.ErrorLevel)]
    public void A_log_event_is_published_with_its_level(LogLevel level)
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        Sys.Log.Log(level, "number {0} of {1}", [1, 2]);
        var logged = FishForMessage<LogEvent>(e => e.Message.ToString() == "number 1 of 2");
        Assert.Equal(level, logged.LogLevel());
    }

    [Fact]
    public void An_actors_log_names_the_actor()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        Sys.ActorOf(Relay.Of((_, context) => context.GetLogger().Warning("careful")), "logging").Tell("x");
        var logged = FishForMessage<Warning>(w => w.Message.ToString() == "careful");
        Assert.Contains("/user/logging", logged.LogSource, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_carries_its_cause()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        var cause = new InvalidOperationException("why");
        Sys.Log.Error(cause, "what {0}", "ever");
        var logged = FishForMessage<Error>(e => e.Message.ToString() == "what ever");
        Assert.Same(cause, logged.Cause);
    }

    private IActorRef Dead()
    {
        var actor = Sys.ActorOf(Relay.Of((_, _) => { }));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        return actor;
    }

    private interface IMarked;

    private class Base;

    private sealed class Derived : Base, IMarked;

    private sealed class Other;

    private sealed class Discreet : IDeadLetterSuppression;
}
