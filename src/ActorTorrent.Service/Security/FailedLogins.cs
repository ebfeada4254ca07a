using System.Net;

namespace ActorTorrent.Service.Security;

/// <summary>Counts failed logins by address, and says who has to wait. Bounded; safe for use from several threads.</summary>
/// <param name="allowed">Failures within the window before an address has to wait.</param>
/// <param name="window">How long a failure counts.</param>
/// <param name="time">The clock.</param>
internal sealed class FailedLogins(int allowed, TimeSpan window, TimeProvider time)
{
    private const int MostAddresses = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Queue<DateTimeOffset>> _failures = [];

    /// <summary>How long an address has to wait; null when it need not.</summary>
    public TimeSpan? Wait(IPAddress address)
    {
        lock (_gate)
        {
            if (!_failures.TryGetValue(Network(address), out var times))
                return null;
            Expire(times);
            return times.Count < allowed ? null : times.Peek() + window - time.GetUtcNow();
        }
    }

    /// <summary>An address failed.</summary>
    public void Add(IPAddress address)
    {
        lock (_gate)
        {
            var key = Network(address);
            if (!_failures.TryGetValue(key, out var times))
            {
                if (_failures.Count >= MostAddresses)
                    Clean();
                _failures[key] = times = new Queue<DateTimeOffset>();
            }
            Expire(times);
            times.Enqueue(time.GetUtcNow());
        }
    }

    /// <summary>An address has proven who it is.</summary>
    public void Forget(IPAddress address)
    {
        lock (_gate)
            _failures.Remove(Network(address));
    }

    private void Expire(Queue<DateTimeOffset> times)
    {
        while (times.TryPeek(out var oldest) && time.GetUtcNow() - oldest >= window)
            times.Dequeue();
    }

    private void Clean()
    {
        foreach (var (address, times) in _failures.ToArray())
        {
            Expire(times);
            if (times.Count == 0)
                _failures.Remove(address);
        }
        // Nobody's failures are worth more memory than that; the longest known make room.
        if (_failures.Count >= MostAddresses)
            _failures.Remove(_failures.Keys.First());
    }

    /// <summary>Of IPv6 a caller has a whole /64 to choose from.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
