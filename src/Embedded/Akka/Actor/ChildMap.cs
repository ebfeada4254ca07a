namespace Akka.Actor;

/// <summary>An actor's children by name. Selections look in from other threads, so it is locked.</summary>
internal sealed class ChildMap
{
    // Most actors that have children have one; only the others need a dictionary.
    private LocalRef _one;
    private Dictionary<string, LocalRef> _more;
    private long _nextName;

    /// <summary>What waits for the stopped children to be gone, if anything does.</summary>
    internal enum Waiting
    {
        Nothing,
        Creation,
        Recreation,
        Termination,
    }

    public Waiting WaitsFor { get; set; }

    public Exception RestartCause { get; set; }

    public int Dying { get; set; }

    public string NextName()
    {
        const string digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        Span<char> buffer = stackalloc char[13];
        var at = 0;
        buffer[at++] = '$';
        var number = Interlocked.Increment(ref _nextName) - 1;
        do
        {
            buffer[at++] = digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number != 0);

        return new string(buffer[..at]);
    }

    public bool TryAdd(string name, LocalRef child)
    {
        lock (this)
        {
            if (_one is null && _more is null)
            {
                _one = child;
                return true;
            }

            if (_one?.Path.Name == name)
                return false;
            return (_more ??= new Dictionary<string, LocalRef>(StringComparer.Ordinal)).TryAdd(name, child);
        }
    }

    public LocalRef Find(string name)
    {
        lock (this)
            return _one?.Path.Name == name ? _one : _more?.GetValueOrDefault(name);
    }

    public bool Contains(LocalRef child) => ReferenceEquals(Find(child.Path.Name), child);

    public bool Remove(LocalRef child)
    {
        lock (this)
        {
            if (ReferenceEquals(_one, child))
            {
                _one = null;
                return true;
            }

            return ReferenceEquals(_more?.GetValueOrDefault(child.Path.Name), child) && _more.Remove(child.Path.Name);
        }
    }

    public LocalRef[] Snapshot()
    {
        lock (this)
        {
            if (_more is not { Count: > 0 })
                return _one is null ? [] : [_one];
            return _one is null ? [.. _more.Values] : [_one, .. _more.Values];
        }
    }
}
