using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// The canonical priority of a connection (BEP 40): both ends compute the same number, and who prefers the greater ones makes a swarm well
/// connected and hard to fill with newcomers.
/// </summary>
internal static class PeerPriority
{
    private const byte Half = 0x55;

    /// <summary>The priority of the connection between two endpoints, greater is better. Of two addresses of different families: 0.</summary>
    public static uint Of(IPEndPoint one, IPEndPoint other)
    {
        if (one.AddressFamily != other.AddressFamily)
            return 0;
        if (one.Address.Equals(other.Address))
            return OfPorts((ushort)one.Port, (ushort)other.Port);
        Span<byte> bytes = stackalloc byte[32];
        var length = one.AddressFamily == AddressFamily.InterNetwork ? 4 : 16;
        var first = bytes[..length];
        var second = bytes.Slice(length, length);
        _ = one.Address.TryWriteBytes(first, out _);
        _ = other.Address.TryWriteBytes(second, out _);
        // The network and a byte more are left whole: a step deeper where the two are neighbours.
        var network = length == 4 ? 2 : 6;
        var shared = first.CommonPrefixLength(second);
        var whole = Math.Min(length, shared < network ? network : shared == network ? network + 1 : network + 2);
        Mask(first[whole..]);
        Mask(second[whole..]);
        return first.SequenceCompareTo(second) <= 0 ? Sum(bytes[..(2 * length)]) : Sum(second, first);
    }

    private static uint OfPorts(ushort one, ushort other)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Math.Min(one, other));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], Math.Max(one, other));
        return Sum(bytes);
    }

    private static void Mask(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
            value &= Half;
    }

    private static uint Sum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        var sum = uint.MaxValue;
        foreach (var value in first)
            sum = BitOperations.Crc32C(sum, value);
        foreach (var value in second)
            sum = BitOperations.Crc32C(sum, value);
        return ~sum;
    }
}
