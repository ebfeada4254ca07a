using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>Keeps some messages in flight between itself and another until enough have come back.</summary>
internal sealed class PingActor(IActorRef pong, int inFlight, long answers, CountdownEvent left, TaskCompletionSource done) : UntypedActor
{
    /// <summary>Says that it is time.</summary>
    public static readonly object Go = new();

    private static readonly object Ball = new();

    private long _toSend = answers;
    private long _toCome = answers;

    protected override void OnReceive(object message)
    {
        if (ReferenceEquals(message, Go))
        {
            for (var i = 0; i < inFlight; i++)
                Serve();
            return;
        }

        if (_toSend > 0)
            Serve();
        if (--_toCome == 0 && left.Signal())
            done.TrySetResult();
    }

    private void Serve()
    {
        _toSend--;
        pong.Tell(Ball, Self);
    }
}
