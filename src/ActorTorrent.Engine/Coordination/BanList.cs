using System.Collections.Concurrent;
using System.Net;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Hosts that no torrent of an engine deals with any more, because one of them proved them guilty. Bounded: the oldest ban makes room.
/// Safe for use from several actors at once.
/// </summary>
public sealed class BanList
{
    private readonly ConcurrentDictionary<IPAddress, string> _reasons = new();
    private readonly ConcurrentQueue<IPAddress> _order = new();
    private readonly int _capacity;

    /// <param name="capacity">Bans that are kept.</param>
    public BanList(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Bans that are in force.</summary>
    public int Count => _reasons.Count;

    /// <summary>Bans a host, unless it is one of the loopback addresses that all local programs share.</summary>
    /// <param name="address">The host.</param>
    /// <param name="reason">What it did, in a sentence.</param>
    public void Add(IPAddress address, string reason)
    {
        var host = Plain(address);
        if (host.Equals(IPAddress.Loopback) || host.Equals(IPAddress.IPv6Loopback) || !_reasons.TryAdd(host, reason))
            return;
        _order.Enqueue(host);
        while (_reasons.Count > _capacity && _order.TryDequeue(out var oldest))
            _reasons.TryRemove(oldest, out _);
    }

    /// <summary>Says of further hosts whether nobody may deal with them, such as those on a user's list; null for none.</summary>
    public Func<IPAddress, bool>? Blocklist { get; set; }

    /// <summary>Why a host is banned; null when it is not.</summary>
    /// <param name="address">The host.</param>
    public string? ReasonFor(IPAddress address) =>
        _reasons.GetValueOrDefault(Plain(address)) ?? (Blocklist?.Invoke(Plain(address)) == true ? "is on the blocklist" : null);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
