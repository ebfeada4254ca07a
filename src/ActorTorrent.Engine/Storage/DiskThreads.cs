using System.Collections.Concurrent;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Runs jobs on a few threads of its own, and tells the end of each to its owner and to the disk actor. Blocking work on the shared
/// pool would, on a machine with few processors, hold up the very actors and sockets that wait for it.
/// </summary>
internal sealed class DiskThreads(IActorRef disk, int count) : IDisposable
{
    private const int StackSize = 256 << 10;

    private readonly BlockingCollection<DiskJob> _jobs = [];
    private bool _started;

    /// <summary>Gives a job to the next thread that is free. To be called by one thread at a time.</summary>
    public void Run(DiskJob job)
    {
        _jobs.Add(job);
        if (_started)
            return;
        _started = true;
        for (var i = 0; i < count; i++)
            new Thread(Work, StackSize) { IsBackground = true, Name = $"{disk.Path.Name}/{i}" }.Start();
    }

    /// <summary>Ends the threads once they have run what was given to them. Does not wait for that.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        if (!_started)
            _jobs.Dispose();
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            job.Owner.Tell(job.Run(), disk);
            disk.Tell(DiskProtocol.WorkerFree.Instance, disk);
        }
    }
}
