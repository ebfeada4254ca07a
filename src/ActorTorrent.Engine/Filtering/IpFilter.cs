using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Engine.Filtering;

/// <summary>
/// Ranges of addresses that nobody is to talk to. They do not overlap and lie in order, so a look-up is a binary search; an IPv4 range takes 8
/// bytes, an IPv6 one 32. Never changes: a new list is a new filter.
/// </summary>
public sealed class IpFilter
{
    private readonly IpRanges<uint> _v4;
    private readonly IpRanges<UInt128> _v6;

    internal IpFilter(IpRanges<uint> v4, IpRanges<UInt128> v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>The filter that blocks nobody.</summary>
    public static IpFilter Empty { get; } = new IpFilterBuilder().Build();

    /// <summary>Ranges, those that overlapped or touched counted as one.</summary>
    public int Count => _v4.Count + _v6.Count;

    /// <summary>Whether an address is in one of the ranges. IPv4 mapped into IPv6 counts as plain.</summary>
    /// <param name="address">The address.</param>
    public bool Blocks(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Count == 0)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            _ = address.TryWriteBytes(bytes, out _);
            return _v4.Contains(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }
        _ = address.TryWriteBytes(bytes, out _);
        return address.IsIPv4MappedToIPv6
            ? _v4.Contains(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : _v6.Contains(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
