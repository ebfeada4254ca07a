using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Keeps a bounded number of files open, the least recently used closed first. Who rents a handle keeps it open until it
/// is returned, so the bound is passed only while more are in use at once. Safe for use from several threads.
/// </summary>
/// <param name="capacity">Files kept open.</param>
/// <param name="open">Opens a file for reading, or for writing too; null when it does not exist.</param>
internal sealed class FileHandles(int capacity, Func<int, bool, SafeFileHandle?> open) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly LinkedList<Entry> _recent = new();
    private bool _isClosed;

    /// <summary>Files that are kept open now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Borrows a file's handle; null when there is no such file and it was asked for reading.</summary>
    public Entry? Rent(int file, bool writable)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(file, out var entry))
            {
                if (entry.IsWritable || !writable)
                {
                    _recent.Remove(entry.Place);
                    _recent.AddFirst(entry.Place);
                    entry.Users++;
                    return entry;
                }
                Retire(entry);
            }
            if (open(file, writable) is not { } handle)
                return null;
            entry = new Entry(file, handle, writable) { Users = 1 };
            if (_isClosed)
            {
                entry.IsRetired = true;
                return entry;
            }
            _entries.Add(file, entry);
            _recent.AddFirst(entry.Place);
            for (var oldest = _recent.Last; _entries.Count > capacity && oldest is not null;)
            {
                var next = oldest.Previous;
                if (oldest.Value.Users == 0)
                    Retire(oldest.Value);
                oldest = next;
            }
            return entry;
        }
    }

    public void Return(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
                return;
            if (entry.IsRetired)
                entry.Handle.Dispose();
            else if (_entries.Count > capacity)
                Retire(entry);
        }
    }

    /// <summary>Closes what is not in use, and the rest as soon as it is returned. Files can be rented again afterwards.</summary>
    public void CloseAll()
    {
        lock (_gate)
        {
            while (_recent.First is { } first)
                Retire(first.Value);
        }
    }

    /// <summary>As <see cref="CloseAll"/>, and what is rented from now on is not kept.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            CloseAll();
        }
    }

    private void Retire(Entry entry)
    {
        _entries.Remove(entry.File);
        _recent.Remove(entry.Place);
        entry.IsRetired = true;
        if (entry.Users == 0)
            entry.Handle.Dispose();
    }

    /// <summary>An open file.</summary>
    internal sealed class Entry
    {
        public Entry(int file, SafeFileHandle handle, bool isWritable)
        {
            File = file;
            Handle = handle;
            IsWritable = isWritable;
            Place = new LinkedListNode<Entry>(this);
        }

        public int File { get; }

        public SafeFileHandle Handle { get; }

        public bool IsWritable { get; }

        internal LinkedListNode<Entry> Place { get; }

        internal int Users { get; set; }

        internal bool IsRetired { get; set; }
    }
}
