using Akka.TestKit.Xunit2;

namespace Embedded.Tests;

/// <summary>What the runtime tells of its actors where the configuration asks for it.</summary>
public class TelemetryTests() : TestKit("akka.actor.telemetry.enabled = on")
{
    [Fact]
    public void A_start_is_told()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(ActorStarted));
        var actor = Sys.ActorOf(Hooked.Of(CreateTestProbe().Ref));
        Assert.Equal(typeof(Hooked), FishForMessage<ActorStarted>(e => e.Subject.Equals(actor)).ActorType);
    }

    [Fact]
    public void A_restart_is_told_with_its_reason()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(ActorRestarted));
        var actor = Sys.ActorOf(Hooked.Of(CreateTestProbe().Ref));
        var cause = new InvalidOperationException("told to");
        actor.Tell(cause);
        Assert.Same(cause, FishForMessage<ActorRestarted>(e => e.Subject.Equals(actor)).Reason);
    }

    [Fact]
    public void An_end_is_told()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(ActorStopped));
        var actor = Sys.ActorOf(Hooked.Of(CreateTestProbe().Ref));
        actor.Tell(PoisonPill.Instance);
        FishForMessage<ActorStopped>(e => e.Subject.Equals(actor));
    }

    [Fact]
    public void All_of_it_comes_under_one_interface()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IActorTelemetryEvent));
        var actor = Sys.ActorOf(Hooked.Of(CreateTestProbe().Ref));
        actor.Tell(PoisonPill.Instance);
        var events = new List<object>
        {
            FishForMessage<IActorTelemetryEvent>(e => e.Subject.Equals(actor)),
            FishForMessage<IActorTelemetryEvent>(e => e.Subject.Equals(actor)),
        };
        Assert.Collection(events, e => Assert.IsType<ActorStarted>(e), e => Assert.IsType<ActorStopped>(e));
    }
}
