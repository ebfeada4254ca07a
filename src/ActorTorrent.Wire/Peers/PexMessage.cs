using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Trackers;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Peers;

/// <summary>A message of the extension <c>ut_pex</c> (BEP 11): peers that the sender connected to, and lost, since its last one.</summary>
public sealed class PexMessage
{
    /// <summary>The extension's name in the <c>m</c> of an <see cref="ExtensionHandshake"/>.</summary>
    public const string Name = "ut_pex";

    /// <summary>How many peers a message of ours adds at most, and how many it drops: 50 each.</summary>
    public const int MostSent = 50;

    /// <summary>How many peers a message may add, and how many it may drop, both families together: first ones may be longer than later ones.</summary>
    public const int MostReceived = 200;

    /// <summary>The longest payload looked at, in bytes.</summary>
    public const int MaxLength = 32 * 1024;

    /// <summary>Peers that the sender connected to.</summary>
    public IReadOnlyList<PexPeer> Added { get; init; } = [];

    /// <summary>Peers that it lost.</summary>
    public IReadOnlyList<IPEndPoint> Dropped { get; init; } = [];

    /// <summary>The payload: canonical bencode, all of BEP 11's keys.</summary>
    public byte[] Encode()
    {
        var root = new BDictionary();
        Put(root, string.Empty, AddressFamily.InterNetwork);
        Put(root, "6", AddressFamily.InterNetworkV6);
        return root.EncodeAsBytes();
    }

    /// <summary>Reads a payload. Flags that are missing, too few or too many count as none; peers with port 0 are left out.</summary>
    /// <exception cref="PeerWireException">
    /// It is no bencoded dictionary, or a list is no whole number of addresses, or it is longer than <see cref="MaxLength"/>
    /// (<see cref="PeerWireError.MalformedMessage"/>); or it names more peers than <see cref="MostReceived"/>
    /// (<see cref="PeerWireError.OversizedMessage"/>).
    /// </exception>
    public static PexMessage Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > MaxLength)
            throw new PeerWireException(PeerWireError.OversizedMessage, $"A {Name} message has {payload.Length} bytes, more than {MaxLength}.");
        var fields = BencodeFields.Parse(payload, (field, offset, message) => Malformed($"{field} at byte {offset} {message}"));
        var added = new List<PexPeer>();
        var dropped = new List<IPEndPoint>();
        ReadAdded(fields, string.Empty, CompactPeers.V4Length, added);
        ReadAdded(fields, "6", CompactPeers.V6Length, added);
        ReadDropped(fields, "dropped", CompactPeers.V4Length, dropped);
        ReadDropped(fields, "dropped6", CompactPeers.V6Length, dropped);
        return new PexMessage { Added = added, Dropped = dropped };
    }

    private void Put(BDictionary root, string suffix, AddressFamily family)
    {
        var added = Added.Where(peer => peer.EndPoint.AddressFamily == family).ToArray();
        root[$"added{suffix}"] = Compact(added.Select(static peer => peer.EndPoint));
        root[$"added{suffix}.f"] = Bytes(Array.ConvertAll(added, static peer => (byte)peer.Flags));
        root[$"dropped{suffix}"] = Compact(Dropped.Where(peer => peer.AddressFamily == family));
    }

    private static BString Compact(IEnumerable<IPEndPoint> peers)
    {
        var bytes = new List<byte>();
        Span<byte> peer = stackalloc byte[CompactPeers.V6Length];
        foreach (var endPoint in peers)
            bytes.AddRange(peer[..CompactPeers.Write(peer, endPoint)]);
        return Bytes([.. bytes]);
    }

    private static BString Bytes(byte[] bytes) => new(bytes, Encoding.Latin1);

    private static void ReadAdded(BencodeFields fields, string suffix, int length, List<PexPeer> added)
    {
        var key = $"added{suffix}";
        var bytes = Whole(fields, key, length, added.Count);
        var flags = fields.Lenient<BString>($"{key}.f")?.Value ?? default;
        var count = bytes.Length / length;
        for (var i = 0; i < count; i++)
        {
            var endPoint = CompactPeers.Read(bytes.Span.Slice(i * length, length));
            if (endPoint.Port != 0)
                added.Add(new PexPeer(endPoint, flags.Length == count ? (PexFlags)flags.Span[i] : PexFlags.None));
        }
    }

    private static void ReadDropped(BencodeFields fields, string key, int length, List<IPEndPoint> dropped)
    {
        var bytes = Whole(fields, key, length, dropped.Count);
        for (var i = 0; i < bytes.Length; i += length)
            dropped.Add(CompactPeers.Read(bytes.Span.Slice(i, length)));
    }

    private static ReadOnlyMemory<byte> Whole(BencodeFields fields, string key, int length, int already)
    {
        var bytes = fields.Bytes(key) ?? default;
        if (bytes.Length % length != 0)
            throw Malformed($"{key} has {bytes.Length} bytes; an address takes {length}");
        if (already + (bytes.Length / length) > MostReceived)
            throw new PeerWireException(PeerWireError.OversizedMessage, $"A {Name} message names {already + (bytes.Length / length)} peers; at most {MostReceived} are accepted.");
        return bytes;
    }

    private static PeerWireException Malformed(string what) => new(PeerWireError.MalformedMessage, $"A {Name} message is malformed: {what}.");
}
