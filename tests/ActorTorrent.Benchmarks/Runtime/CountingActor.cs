using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Counts messages and says when it has had all.</summary>
internal sealed class CountingActor(long expected, TaskCompletionSource done) : UntypedActor
{
    private long _left = expected;

    protected override void OnReceive(object message)
    {
        if (--_left == 0)
            done.TrySetResult();
    }
}
