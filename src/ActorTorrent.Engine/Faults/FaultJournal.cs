namespace ActorTorrent.Engine.Faults;

/// <summary>The last faults of a torrent, oldest first, and how many there were of each cause since the start.</summary>
/// <param name="capacity">Entries kept; older ones are forgotten, their counts are not.</param>
public sealed class FaultJournal(int capacity)
{
    private readonly Queue<FaultJournalEntry> _entries = new();
    private readonly long[] _counts = new long[Enum.GetValues<FaultCause>().Length];

    /// <summary>The entries kept, oldest first.</summary>
    public IReadOnlyCollection<FaultJournalEntry> Entries => _entries;

    /// <summary>Faults since the start.</summary>
    public long Total { get; private set; }

    /// <summary>Faults of one cause since the start.</summary>
    public long CountOf(FaultCause cause) => _counts[(int)cause];

    /// <summary>Causes that occurred, with their counts.</summary>
    public IReadOnlyDictionary<FaultCause, long> Counts()
        => Enum.GetValues<FaultCause>().Where(c => _counts[(int)c] > 0).ToDictionary(c => c, c => _counts[(int)c]);

    /// <summary>Adds an entry.</summary>
    public void Add(FaultJournalEntry entry)
    {
        if (_entries.Count == capacity)
            _entries.Dequeue();
        _entries.Enqueue(entry);
        _counts[(int)entry.Fault.Cause]++;
        Total++;
    }
}
