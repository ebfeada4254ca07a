using System.Threading.Tasks.Sources;

namespace ActorTorrent.Service.Listening;

/// <summary>
/// Lets one waiter wait, again and again, for what another thread says; said before anybody waits, it is remembered once. Who waits goes on
/// on the thread that says it.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int Nothing = 0;
    private const int Said = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Says it. For any thread.</summary>
    public void Say()
    {
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Said:
                    return;
                case Waiting:
                    if (Interlocked.CompareExchange(ref _state, Nothing, Waiting) != Waiting)
                        continue;
                    _core.SetResult(true);
                    return;
                default:
                    if (Interlocked.CompareExchange(ref _state, Said, Nothing) != Nothing)
                        continue;
                    return;
            }
        }
    }

    /// <summary>Waits for it. For one at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Nothing, Said) == Said)
            return ValueTask.CompletedTask;
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Nothing) == Nothing)
            return new ValueTask(this, _core.Version);
        // It was said just now.
        Volatile.Write(ref _state, Nothing);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
