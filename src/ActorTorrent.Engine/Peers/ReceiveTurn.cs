using System.Threading.Tasks.Sources;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// A connection's place in the <see cref="ReceiveRounds"/>. Its loop waits for one round after the other, and goes on while the connection's
/// actor handles <see cref="PeerConnectionProtocol.ReceiveRound"/>: the actors that it tells of what came run next on the same thread, with the
/// bytes still in the cache. Allocates nothing from round to round.
/// </summary>
internal sealed class ReceiveTurn : IValueTaskSource
{
    private readonly IActorRef _connection;
    private readonly PeerConnectionProtocol.ReceiveRound _message;
    private ManualResetValueTaskSourceCore<bool> _round;
    private int _isWaiting;

    /// <param name="connection">The connection's actor; it calls <see cref="Begin"/>.</param>
    public ReceiveTurn(IActorRef connection)
    {
        _connection = connection;
        _message = new PeerConnectionProtocol.ReceiveRound(this);
    }

    /// <summary>The wait for the next round, before it begins.</summary>
    public ValueTask Next()
    {
        _round.Reset();
        // With a fence: who stops the loop says so first and then looks here, and the loop looks the other way round.
        Interlocked.Exchange(ref _isWaiting, 1);
        return new ValueTask(this, _round.Version);
    }

    /// <summary>The round has begun: tells the connection's actor.</summary>
    public void Call() => _connection.Tell(_message, ActorRefs.NoSender);

    /// <summary>The loop goes on, on this thread, until it waits again. Does nothing when it does not wait.</summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 1)
            _round.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _round.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _round.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _round.OnCompleted(continuation, state, token, flags);
}
