using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Runs jobs on a few threads of its own, and tells the end of each to its owner and to the disk actor. Blocking work on the shared
/// pool would, on a machine with few processors, hold up the very actors and sockets that wait for it.
/// </summary>
internal sealed class DiskThreads(IActorRef disk, int count, DiskLoad load) : IDisposable
{
    private const int StackSize = 256 << 10;

    private readonly object _gate = new();
    private readonly Queue<DiskJob> _jobs = [];
    private int _started;
    private int _idle;
    private bool _ended;

    /// <summary>Gives a job to the next thread that is free. Threads are made as they are needed. To be called by one thread at a time.</summary>
    public void Run(DiskJob job)
    {
        lock (_gate)
        {
            _jobs.Enqueue(job);
            Monitor.Pulse(_gate);
            // Who was woken counts as idle until it has taken its job.
            if (_jobs.Count <= _idle || _started == count)
                return;
        }
        new Thread(Work, StackSize) { IsBackground = true, Name = $"{disk.Path.Name}/{_started++}" }.Start();
    }

    /// <summary>Ends the threads once they have run what was given to them. Does not wait for that.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        while (Take() is { } job)
        {
            var since = load.Begin();
            var finished = job.Run();
            load.End(since, job);
            job.Owner.Tell(finished, disk);
            disk.Tell(DiskProtocol.WorkerFree.Instance, disk);
        }
    }

    /// <summary>Waits for a job, asleep: the collections of the framework spin first, which cost a twentieth of a download's time. Null at the end.</summary>
    private DiskJob? Take()
    {
        lock (_gate)
        {
            DiskJob? job;
            while (!_jobs.TryDequeue(out job) && !_ended)
            {
                _idle++;
                Monitor.Wait(_gate);
                _idle--;
            }
            return job;
        }
    }
}
