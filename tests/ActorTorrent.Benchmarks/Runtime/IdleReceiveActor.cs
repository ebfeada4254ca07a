using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Does nothing, with three handlers; says that it has started.</summary>
internal sealed class IdleReceiveActor : ReceiveActor
{
    private readonly SpawnCount _count;

    public IdleReceiveActor(SpawnCount count)
    {
        _count = count;
        Receive<string>(text => Sender.Tell(text));
        Receive<Version>(version => Sender.Tell(version));
        Receive<Uri>(address => Sender.Tell(address));
    }

    protected override void PreStart() => _count.Started();
}
