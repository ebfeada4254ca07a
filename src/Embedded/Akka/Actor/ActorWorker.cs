namespace Akka.Actor;

/// <summary>
/// A thread of the pool while it runs actors. The first actor that a running one wakes stays on the thread and runs next, with its
/// message still in the cache and no queue in between; what else is woken goes to the pool, for any thread to take.
/// </summary>
internal sealed class ActorWorker
{
    /// <summary>How many actors run one after another on a thread before it looks at what waits in the pool.</summary>
    private const int RunsInARow = 64;

    /// <summary>How many actors go to the front of the pool for one that goes to its end.</summary>
    private const int LocalDispatches = 64;

    // What every pool thread starts a piece of work with; one actor's ambient values are not the next one's.
    private static readonly ExecutionContext Clean = ExecutionContext.Capture();

    [ThreadStatic]
    private static ActorWorker _mine;

    private LocalRef _current;
    private LocalRef _next;
    private int _dispatched;
    private int _runs;

    private ActorWorker()
    {
        WorkerWatch.Add(this);
    }

    public static LocalRef Current => _mine?._current;

    /// <summary>Changes with every actor that the thread runs.</summary>
    public int Runs => Volatile.Read(ref _runs);

    public bool HasNext => Volatile.Read(ref _next) is not null;

    /// <summary>Runs an actor that came from the pool, and then what it wakes.</summary>
    public static void Run(LocalRef actor) => (_mine ??= new ActorWorker()).RunInARow(actor);

    /// <summary>Hands over an actor that has just been given something to do.</summary>
    public static void Dispatch(LocalRef actor)
    {
        if (_mine is { _current: not null, _next: null } worker)
        {
            Volatile.Write(ref worker._next, actor);
            if (WorkerWatch.IsAsleep)
                WorkerWatch.Wake();
        }
        else
        {
            ToPool(actor);
        }
    }

    /// <summary>
    /// Mostly onto this worker's own queue, where the receiver finds its message still in the cache; but a worker takes nothing
    /// from elsewhere while its own queue has work, so every so often the receiver goes behind all others.
    /// </summary>
    public static void ToPool(LocalRef actor)
    {
        var preferLocal = _mine is not { } worker || (++worker._dispatched & (LocalDispatches - 1)) != 0;
        ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal);
    }

    /// <summary>Behind all that waits in the pool.</summary>
    public static void ToPoolsEnd(LocalRef actor) => ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: false);

    /// <summary>The actor that runs here may be about to wait for the one that would run next.</summary>
    public static void HandOverNext()
    {
        if (_mine is { _current: not null } worker)
            worker.Rescue();
    }

    /// <summary>From any thread: gives the pool what this one would run next.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Rescue()
    {
        if (Take() is not { } waiting)
            return false;
        ToPoolsEnd(waiting);
        return true;
    }

    private LocalRef Take() => Volatile.Read(ref _next) is null ? null : Interlocked.Exchange(ref _next, null);

    private void RunInARow(LocalRef actor)
    {
        var outer = _current;
        try
        {
            for (var left = RunsInARow; ; left--)
            {
                _current = actor;
                _runs++;
                actor.Run();
                actor = Take();
                if (actor is null)
                    break;
                if (left == 0)
                {
                    ToPoolsEnd(actor);
                    break;
                }

                ExecutionContext.Restore(Clean);
            }
        }
        finally
        {
            _current = outer;
        }
    }
}
