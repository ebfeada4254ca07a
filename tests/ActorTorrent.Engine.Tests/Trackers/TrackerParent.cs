using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Trackers;

/// <summary>Stands in for the coordinator: supervises the tracker actor and passes on what it says.</summary>
internal sealed class TrackerParent : ReceiveActor
{
    public TrackerParent(Props child, IActorRef probe)
    {
        var tracker = Context.ActorOf(child, "tracker");
        Receive<GetChild>(_ => Sender.Tell(tracker));
        ReceiveAny(message => probe.Tell(message));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    public sealed record GetChild
    {
        public static readonly GetChild Instance = new();
    }
}
