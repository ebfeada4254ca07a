using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Runs the blocking work of one volume on a bounded number of threads, torrents taking turns. A volume that hangs holds
/// up these threads and nothing else.
/// </summary>
internal sealed class DiskActor : ObservedReceiveActor
{
    private readonly FairQueue _queue = new();
    private readonly DiskThreads _threads;
    private readonly int _workers;
    private readonly DiskLoad _load;
    private int _running;

    public DiskActor(StorageOptions options, DiskLoad load)
    {
        _workers = options.Workers;
        _load = load;
        _threads = new DiskThreads(Self, _workers, load);
        Receive<DiskProtocol.Submit>(submitted => OnSubmit(submitted.Job));
        Receive<DiskProtocol.WorkerFree>(_ => OnWorkerFree());
    }

    protected override ActorKind Kind => ActorKind.Disk;

    protected override string State => _running > 0 ? "Busy" : "Idle";

    public static Props Props(StorageOptions options) => Props(options, new DiskLoad(""));

    /// <param name="options">Bounds.</param>
    /// <param name="load">Where the volume's load is kept for others to read.</param>
    public static Props Props(StorageOptions options, DiskLoad load) => Akka.Actor.Props.Create(() => new DiskActor(options, load));

    protected override void PostStop()
    {
        _threads.Dispose();
        while (_queue.TryDequeue(out var job))
            job.Owner.Tell(job.Abandon("The disk's workers were stopped."), Self);
        base.PostStop();
    }

    private void OnSubmit(DiskJob job)
    {
        if (_running < _workers)
            Start(job);
        else
            _queue.Enqueue(job);
        TellLoad();
    }

    private void OnWorkerFree()
    {
        // A worker of the instance before a restart reports to this one, which never counted it.
        _running = Math.Max(0, _running - 1);
        if (_queue.TryDequeue(out var job))
            Start(job);
        TellLoad();
    }

    private void TellLoad()
    {
        _load.Queued = _queue.Count;
        _load.Running = _running;
    }

    private void Start(DiskJob job)
    {
        _running++;
        _threads.Run(job);
    }
}
