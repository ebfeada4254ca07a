using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Faults;

/// <summary>The last faults of a torrent, oldest first, and how many there were of each cause since the start.</summary>
/// <param name="capacity">Entries kept; older ones are forgotten, their counts are not.</param>
/// <param name="budget">What the journals of all torrents may hold together: while it is spent, older entries are forgotten sooner. Null for no bound.</param>
public sealed class FaultJournal(int capacity, ByteBudget? budget = null)
{
    // What an entry takes besides its texts, about.
    private const int EntryBytes = 400;

    // Entries that are kept however little the budget has left.
    private const int Least = 10;

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
        budget?.Take(BytesOf(entry));
        while (_entries.Count >= capacity || (_entries.Count >= Least && budget is { IsSpent: true }))
        {
            var oldest = _entries.Dequeue();
            budget?.Return(BytesOf(oldest));
        }
        _entries.Enqueue(entry);
        _counts[(int)entry.Fault.Cause]++;
        Total++;
    }

    /// <summary>The end: the entries are forgotten.</summary>
    public void Leave()
    {
        while (_entries.TryDequeue(out var entry))
            budget?.Return(BytesOf(entry));
    }

    private static long BytesOf(FaultJournalEntry entry) =>
        EntryBytes + entry.Fault.Evidence.Length + (2L * (entry.Fault.Detail.Length + (entry.Fault.Client?.Length ?? 0) + entry.Decision.Reason.Length));
}
