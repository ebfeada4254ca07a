using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Storage;

/// <summary>Stands in for the coordinator: what its child tells it goes to the test, all else to its child.</summary>
internal sealed class Relay : UntypedActor
{
    private readonly IActorRef _listener;
    private readonly IActorRef _child;

    public Relay(Props child, IActorRef listener)
    {
        _listener = listener;
        _child = Context.ActorOf(child, "storage");
    }

    protected override void OnReceive(object message) => (Sender.Equals(_child) ? _listener : _child).Forward(message);
}
