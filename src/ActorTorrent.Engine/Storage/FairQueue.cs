using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Jobs that wait for a worker. Owners take turns, so that a torrent with a long queue does not hold up another's single
/// read. Within an owner reads go first, but after <see cref="ReadsPerWrite"/> of them one write that waits.
/// </summary>
internal sealed class FairQueue
{
    public const int ReadsPerWrite = 4;

    // A torrent that is sent from has a job waiting, and none, thousands of times a second.
    private const int KeptLines = 8;

    private readonly Dictionary<IActorRef, Line> _lines = [];
    private readonly Queue<Line> _turns = new();
    private readonly Stack<Line> _spare = new();

    public int Count { get; private set; }

    public void Enqueue(DiskJob job)
    {
        if (!_lines.TryGetValue(job.Owner, out var line))
        {
            if (!_spare.TryPop(out line))
                line = new Line();
            line.Begin(job.Owner);
            _lines.Add(job.Owner, line);
            _turns.Enqueue(line);
        }
        line.Add(job);
        Count++;
    }

    public bool TryDequeue([NotNullWhen(true)] out DiskJob? job)
    {
        if (!_turns.TryDequeue(out var line))
        {
            job = null;
            return false;
        }
        job = line.Take();
        Count--;
        if (!line.IsEmpty)
        {
            _turns.Enqueue(line);
            return true;
        }
        _lines.Remove(line.Owner);
        line.Begin(ActorRefs.Nobody);
        if (_spare.Count < KeptLines)
            _spare.Push(line);
        return true;
    }

    /// <summary>The jobs of one owner; used again for another.</summary>
    private sealed class Line
    {
        private readonly Queue<DiskJob> _reads = new();
        private readonly Queue<DiskJob> _writes = new();
        private int _readsInARow;

        public IActorRef Owner { get; private set; } = ActorRefs.Nobody;

        public bool IsEmpty => _reads.Count == 0 && _writes.Count == 0;

        public void Begin(IActorRef owner)
        {
            Owner = owner;
            _readsInARow = 0;
        }

        public void Add(DiskJob job) => (job.IsRead ? _reads : _writes).Enqueue(job);

        public DiskJob Take()
        {
            if (_reads.Count > 0 && (_writes.Count == 0 || _readsInARow < ReadsPerWrite))
            {
                _readsInARow++;
                return _reads.Dequeue();
            }
            _readsInARow = 0;
            return _writes.Dequeue();
        }
    }
}
