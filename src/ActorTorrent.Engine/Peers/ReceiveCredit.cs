using System.Threading.Tasks.Sources;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// How much a connection may still receive before what it has received was dealt with, counted in batches. One loop takes, anybody gives
/// back; waiting allocates nothing, and goes on on a thread of the pool.
/// </summary>
public sealed class ReceiveCredit : IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> _waiting;

    // Below zero while the loop waits.
    private int _left;
    private bool _hasWaited;

    /// <param name="batches">How much there is, at least 1.</param>
    public ReceiveCredit(int batches)
    {
        _left = batches;
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
        if (Interlocked.Increment(ref _left) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _waiting.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _waiting.OnCompleted(continuation, state, token, flags);
}
