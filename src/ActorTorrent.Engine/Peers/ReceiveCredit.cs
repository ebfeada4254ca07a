using System.Threading.Tasks.Sources;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// How much a connection may still receive before what it has received was dealt with, counted in batches. One loop takes, anybody gives
/// back. Waiting allocates nothing, and goes on while the connection's actor handles <see cref="PeerConnectionProtocol.ReceiveMore"/>: where
/// the thread is that gave back, with what it works on in the cache, and no other is woken for it.
/// </summary>
public sealed class ReceiveCredit : IValueTaskSource
{
    private readonly IActorRef _connection;
    private readonly PeerConnectionProtocol.ReceiveMore _message;
    private ManualResetValueTaskSourceCore<bool> _waiting;

    // Below zero while the loop waits.
    private int _left;
    private bool _hasWaited;

    // The loop may go on, and nobody has made it yet.
    private int _isDue;
    private volatile bool _isStopped;

    /// <param name="batches">How much there is, at least 1.</param>
    /// <param name="connection">The connection's actor; it calls <see cref="GoOn"/>.</param>
    public ReceiveCredit(int batches, IActorRef connection)
    {
        _left = batches;
        _connection = connection;
        _message = new PeerConnectionProtocol.ReceiveMore(this);
    }

    /// <summary>How much is left now; less than 0 while it is waited for.</summary>
    public int Left => Volatile.Read(ref _left);

    /// <summary>Takes one, as soon as there is one. One caller at a time.</summary>
    public ValueTask TakeAsync()
    {
        if (_hasWaited)
        {
            _waiting.Reset();
            _hasWaited = false;
        }
        if (Interlocked.Decrement(ref _left) >= 0)
            return ValueTask.CompletedTask;
        _hasWaited = true;
        return new ValueTask(this, _waiting.Version);
    }

    /// <summary>Gives one back.</summary>
    public void GiveBack()
    {
        if (Interlocked.Increment(ref _left) != 0)
            return;
        // With a fence: who stops says so first and then looks here, and we look the other way round.
        Interlocked.Exchange(ref _isDue, 1);
        if (_isStopped)
            GoOn();
        else
            _connection.Tell(_message, ActorRefs.NoSender);
    }

    /// <summary>The loop goes on, on this thread, when it waited and something was given back. Does nothing otherwise.</summary>
    public void GoOn()
    {
        if (Interlocked.Exchange(ref _isDue, 0) == 1)
            _waiting.SetResult(true);
    }

    /// <summary>The connection's actor handles nothing any more: the loop has one batch more, and goes on without it.</summary>
    public void Stop()
    {
        _isStopped = true;
        GiveBack();
        GoOn();
    }

    void IValueTaskSource.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _waiting.OnCompleted(continuation, state, token, flags);
}
