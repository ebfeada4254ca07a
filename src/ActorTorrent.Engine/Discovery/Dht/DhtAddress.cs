using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Trackers;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What the DHT makes of addresses.</summary>
internal static class DhtAddress
{
    /// <summary>Whether an address is of this host or of the networks near it, for which the rules against many nodes of one owner make no sense.</summary>
    public static bool IsLocal(IPAddress address) => NetworkZones.OfKind(address) != NetworkZone.Public;

    /// <summary>Whether an endpoint can be one host's: right family, a port, a unicast address, and local only where that is believed.</summary>
    public static bool IsUsable(IPEndPoint endPoint, AddressFamily family, bool allowLocal)
    {
        var address = endPoint.Address;
        if (address.AddressFamily != family || endPoint.Port == 0 || address.IsIPv4MappedToIPv6)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length))
            return false;
        var isUnicast = length == 4 ? bytes[0] is not 0 and < 224 : bytes[0] != 0xFF && !address.Equals(IPAddress.IPv6Any);
        return isUnicast && (allowLocal || !IsLocal(address));
    }

    /// <summary>The network that an address counts for: its first 24 bits, or 64 of IPv6.</summary>
    public static ulong NetworkOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
