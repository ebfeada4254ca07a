using System.Net;
using System.Numerics;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>Ids that follow from the node's address, so that nobody chooses his place (BEP 42).</summary>
internal static class SecureNodeId
{
    private static ReadOnlySpan<byte> V4Mask => [0x03, 0x0F, 0x3F, 0xFF];

    private static ReadOnlySpan<byte> V6Mask => [0x01, 0x03, 0x07, 0x0F, 0x1F, 0x3F, 0x7F, 0xFF];

    /// <summary>Whether an id is one that a node at an address may have; at local addresses every id is.</summary>
    public static bool IsValid(NodeId id, IPAddress address)
    {
        if (DhtAddress.IsLocal(address))
            return true;
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        id.CopyTo(bytes);
        var expected = Prefix(address, bytes[^1]);
        return bytes[0] == (byte)(expected >> 24) && bytes[1] == (byte)(expected >> 16)
            && ((bytes[2] ^ (byte)(expected >> 8)) & 0xF8) == 0;
    }

    /// <summary>A new id for a node at an address; any id when the address is local or not known.</summary>
    /// <param name="address">Our own address as others see it; null while it is not known.</param>
    /// <param name="random">Where the free bits come from.</param>
    public static NodeId Create(IPAddress? address, RandomFill random)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        random(bytes);
        if (address is not null && !DhtAddress.IsLocal(address))
        {
            var prefix = Prefix(address, bytes[^1]);
            bytes[0] = (byte)(prefix >> 24);
            bytes[1] = (byte)(prefix >> 16);
            bytes[2] = (byte)(((prefix >> 8) & 0xF8) | (bytes[2] & 0x07u));
        }
        return new NodeId(bytes);
    }

    private static uint Prefix(IPAddress address, byte seed)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var mask = length == 4 ? V4Mask : V6Mask;
        bytes = bytes[..mask.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= mask[i];
        bytes[0] |= (byte)((seed & 0x07) << 5);
        var sum = ~0u;
        foreach (var value in bytes)
            sum = BitOperations.Crc32C(sum, value);
        return ~sum;
    }
}
