namespace Akka.Actor;

/// <summary>
/// Sees to it that an actor does not wait long for those before it: when a thread has been running one and the same actor since the
/// last look, what it would run next goes to the pool, and so does what waits there when it has taken none of it. Looks every
/// millisecond, less often while nothing was found, and sleeps while no actors run.
/// </summary>
internal static class WorkerWatch
{
    private const int ShortestMilliseconds = 1;
    private const int LongestMilliseconds = 8;
    private const int QuietLooks = 100;

    private static readonly Lock Gate = new();
    private static readonly List<Seen> Workers = [];
    private static readonly AutoResetEvent Alarm = new(false);
    private static bool _started;
    private static volatile bool _asleep = true;

    public static bool IsAsleep => _asleep;

    public static void Add(ActorWorker worker)
    {
        lock (Gate)
        {
            Workers.Add(new Seen(worker));
            if (_started)
                return;
            _started = true;
            new Thread(Watch) { IsBackground = true, Name = "actor-watch" }.UnsafeStart();
        }
    }

    public static void Wake() => Alarm.Set();

    private static void Watch()
    {
        var pause = ShortestMilliseconds;
        var quiet = QuietLooks;
        while (true)
        {
            if (quiet >= QuietLooks)
            {
                _asleep = true;

                // A worker puts an actor aside first and then looks whether we sleep, without a fence of its own. After this one
                // either it sees that we do, or we see what it put aside.
                Interlocked.MemoryBarrierProcessWide();
                if (!Look(out _, out var holds) && !holds)
                    Alarm.WaitOne();
                _asleep = false;
                quiet = 0;
                pause = ShortestMilliseconds;
            }

            Thread.Sleep(pause);
            pause = Look(out var moved, out _) ? ShortestMilliseconds : Math.Min(pause * 2, LongestMilliseconds);
            quiet = moved ? 0 : quiet + 1;
        }
    }

    /// <summary>True when an actor had to be taken from a worker that was busy with another.</summary>
    private static bool Look(out bool moved, out bool holds)
    {
        moved = false;
        holds = false;
        var rescued = false;
        lock (Gate)
        {
            for (var i = Workers.Count - 1; i >= 0; i--)
            {
                if (!Workers[i].Worker.TryGetTarget(out var worker))
                {
                    Workers.RemoveAt(i);
                    continue;
                }

                var runs = worker.Runs;
                if (runs != Workers[i].Runs)
                {
                    Workers[i].Runs = runs;
                    moved = true;
                }
                else
                {
                    rescued |= worker.RescueNext();
                }

                var taken = worker.Taken;
                if (taken == Workers[i].Taken && Workers[i].HadWaiting)
                    rescued |= worker.RescueWaiting();
                Workers[i].Taken = taken;
                Workers[i].HadWaiting = worker.HasWaiting;
                holds |= worker.HasNext || Workers[i].HadWaiting;
            }
        }

        return rescued;
    }

    private sealed class Seen(ActorWorker worker)
    {
        public WeakReference<ActorWorker> Worker { get; } = new(worker);

        public int Runs { get; set; }

        public uint Taken { get; set; }

        public bool HadWaiting { get; set; }
    }
}
