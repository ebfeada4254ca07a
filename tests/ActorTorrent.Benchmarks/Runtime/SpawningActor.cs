using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Makes as many children as the number says that it is sent.</summary>
internal sealed class SpawningActor(Props props) : UntypedActor
{
    protected override void OnReceive(object count)
    {
        for (var left = (int)count; left > 0; left--)
            Context.ActorOf(props);
    }
}
