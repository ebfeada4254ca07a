namespace Akka.Actor;

/// <summary>
/// A thread of the pool while it runs actors. The first actor that a running one wakes stays on the thread and runs next, with its
/// message still in the cache and no queue in between; a few more that are woken wait here behind it, because to wake a thread for each
/// would cost more than most of them do. What is woken beyond that goes to the pool, for any thread to take, and so does what
/// <see cref="WorkerWatch"/> finds waiting.
/// </summary>
internal sealed class ActorWorker
{
    /// <summary>How many actors run one after another on a thread before it looks at what waits in the pool.</summary>
    private const int RunsInARow = 64;

    /// <summary>How many actors may wait on a thread; a power of two.</summary>
    private const int Places = 8;

    [ThreadStatic]
    private static ActorWorker _mine;

    // Filled and emptied in turn by the thread; emptied by others at any time. The counts are the thread's own.
    private readonly LocalRef[] _waiting = new LocalRef[Places];
    private uint _put;
    private uint _taken;

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

    /// <summary>Changes with every actor that the thread takes of those that wait.</summary>
    public uint Taken => Volatile.Read(ref _taken);

    public bool HasNext => Volatile.Read(ref _next) is not null;

    public bool HasWaiting
    {
        get
        {
            foreach (ref var place in _waiting.AsSpan())
            {
                if (Volatile.Read(ref place) is not null)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Runs an actor that came from the pool, and then what it wakes.</summary>
    public static void Run(LocalRef actor) => (_mine ??= new ActorWorker()).RunInARow(actor);

    /// <summary>Hands over an actor that has just been given something to do.</summary>
    public static void Dispatch(LocalRef actor)
    {
        if (_mine is { _current: not null } worker && worker.TryKeep(actor))
        {
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

    /// <summary>The actor that runs here may be about to wait for one that would run next.</summary>
    public static void HandOverNext()
    {
        if (_mine is { _current: not null } worker)
        {
            worker.RescueNext();
            worker.RescueWaiting();
        }
    }

    /// <summary>From any thread: gives the pool what this one would run next.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool RescueNext()
    {
        if (Take(ref _next) is not { } next)
            return false;
        ToPool(next);
        return true;
    }

    /// <summary>From any thread: gives the pool what waits here.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool RescueWaiting()
    {
        var any = false;
        foreach (ref var place in _waiting.AsSpan())
        {
            if (Take(ref place) is not { } waiting)
                continue;
            ToPool(waiting);
            any = true;
        }

        return any;
    }

    private static LocalRef Take(ref LocalRef place) => Volatile.Read(ref place) is null ? null : Interlocked.Exchange(ref place, null);

    private bool TryKeep(LocalRef actor)
    {
        if (_next is null)
        {
            Volatile.Write(ref _next, actor);
            return true;
        }

        if (_put - _taken == Places)
            return false;
        Volatile.Write(ref _waiting[_put++ % Places], actor);
        return true;
    }

    private LocalRef TakeWaiting()
    {
        while (_taken != _put)
        {
            ref var place = ref _waiting[_taken % Places];
            Volatile.Write(ref _taken, _taken + 1);
            if (Take(ref place) is { } waiting)
                return waiting;
        }

        return null;
    }

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
                actor = Take(ref _next) ?? TakeWaiting();
                if (actor is null)
                    break;
                if (left == 0)
                {
                    ToPool(actor);
                    RescueWaiting();
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
