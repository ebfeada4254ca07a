namespace Akka.Actor;

/// <summary>
/// A thread of the pool while it runs actors. The first actor that a running one wakes stays on the thread and runs next, with its
/// message still in the cache and no queue in between; what else is woken goes to the pool, for any thread to take.
/// </summary>
internal sealed class ActorWorker
{
    /// <summary>How many actors run one after another on a thread before it looks at what waits in the pool.</summary>
    private const int RunsInARow = 64;

    [ThreadStatic]
    private static ActorWorker _mine;

    // Made while the pool runs a piece of work, so these are the ambient values that all work starts with: one actor's are not the next one's.
    private readonly ExecutionContext _clean = ExecutionContext.Capture();

    private LocalRef _current;
    private LocalRef _next;
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
    /// Behind all that waits in the pool. Not into the thread's own queue, because a thread takes nothing from elsewhere while that
    /// has work: there would be no bound on how long the others wait.
    /// </summary>
    public static void ToPool(LocalRef actor) => ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: false);

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
        ToPool(waiting);
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
                    ToPool(actor);
                    break;
                }

                ExecutionContext.Restore(_clean);
            }
        }
        finally
        {
            _current = outer;
        }
    }
}
