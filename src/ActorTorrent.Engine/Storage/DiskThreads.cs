using System.Collections.Concurrent;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Runs tasks on a few threads of its own. Blocking work on the shared pool would, on a machine with few processors, hold
/// up the very actors and sockets that wait for it.
/// </summary>
internal sealed class DiskThreads : TaskScheduler, IDisposable
{
    private const int StackSize = 256 << 10;

    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread[] _threads;
    private bool _started;

    public DiskThreads(string name, int count)
    {
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
            _threads[i] = new Thread(Work, StackSize) { IsBackground = true, Name = $"{name}/{i}" };
    }

    public override int MaximumConcurrencyLevel => _threads.Length;

    /// <summary>Ends the threads once they have run what was given to them. Does not wait for that.</summary>
    public void Dispose()
    {
        _tasks.CompleteAdding();
        if (!_started)
            _tasks.Dispose();
    }

    protected override void QueueTask(Task task)
    {
        _tasks.Add(task);
        lock (_threads)
        {
            if (_started)
                return;
            _started = true;
            foreach (var thread in _threads)
                thread.Start();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    private void Work()
    {
        foreach (var task in _tasks.GetConsumingEnumerable())
            TryExecuteTask(task);
    }
}
