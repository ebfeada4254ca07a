using System.Net;
using System.Text;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>Makes the ids that stub peers show.</summary>
public static class StubPeerIds
{
    private const string Prefix = "-LB0100-";
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>An id that starts as given and goes on at random, with letters and digits.</summary>
    /// <param name="prefix">At most 20 ASCII characters.</param>
    /// <param name="random">What decides the rest.</param>
    public static PeerId Create(string prefix, Random random)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        for (var i = Encoding.ASCII.GetBytes(prefix, bytes); i < bytes.Length; i++)
            bytes[i] = (byte)Alphabet[random.Next(Alphabet.Length)];
        return new PeerId(bytes);
    }

    internal static PeerId Create(IPAddress address, Random random) =>
        Create($"{Prefix}{Convert.ToHexStringLower(address.GetAddressBytes()[^4..])}", random);
}
