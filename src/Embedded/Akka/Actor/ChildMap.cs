namespace Akka.Actor;

/// <summary>An actor's children by name. Selections look in from other threads, so it is locked.</summary>
internal sealed class ChildMap
{
    private readonly Dictionary<string, LocalRef> _byName = new(StringComparer.Ordinal);
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

    public int Count => _byName.Count;

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
        lock (_byName)
            return _byName.TryAdd(name, child);
    }

    public LocalRef Find(string name)
    {
        lock (_byName)
            return _byName.GetValueOrDefault(name);
    }

    public bool Contains(LocalRef child) => ReferenceEquals(Find(child.Path.Name), child);

    public bool Remove(LocalRef child)
    {
        lock (_byName)
            return ReferenceEquals(_byName.GetValueOrDefault(child.Path.Name), child) && _byName.Remove(child.Path.Name);
    }

    public LocalRef[] Snapshot()
    {
        lock (_byName)
            return [.. _byName.Values];
    }
}
