using System.Collections.Concurrent;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>The least that any mailbox does: a concurrent queue, and a dispatch to the thread pool when it was empty.</summary>
internal sealed class FloorMailbox(Action<object, FloorMailbox?> handle) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<(object Message, FloorMailbox? Sender)> _queue = new();
    private int _scheduled;

    public void Post(object message, FloorMailbox? sender)
    {
        _queue.Enqueue((message, sender));
        Schedule();
    }

    public void Execute()
    {
        while (_queue.TryDequeue(out var next))
            handle(next.Message, next.Sender);
        // A full fence: the queue must not be read before others can see that nobody is scheduled.
        Interlocked.Exchange(ref _scheduled, 0);
        if (!_queue.IsEmpty)
            Schedule();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
