using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Trackers;
using BencodeNET.Exceptions;
using BencodeNET.Objects;
using BencodeNET.Parsing;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// The file <c>dht.nodes</c>: a bencoded dictionary, replaced as a whole. It is worth little, so it is not forced to the disk, and one that
/// cannot be used counts as none. Blocking.
/// </summary>
internal static class SavedNodesFile
{
    /// <summary>Its name in the folder that resume data is kept in.</summary>
    public const string Name = "dht.nodes";

    private const string Kind = "actortorrent dht";
    private const int LargestFile = 64 << 10;
    private const int V4Length = NodeId.Length + CompactPeers.V4Length;
    private const int V6Length = NodeId.Length + CompactPeers.V6Length;

    /// <summary>Reads a file; null when there is none.</summary>
    /// <exception cref="FormatException">There is one, and it cannot be used.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours to read.</exception>
    public static SavedNodes? Load(string path)
    {
        if (new FileInfo(path) is not { Exists: true } info)
            return null;
        return info.Length <= LargestFile ? Decode(File.ReadAllBytes(path)) : throw new FormatException("It is larger than any file of nodes.");
    }

    /// <summary>Replaces a file: written beside the old one, then renamed over it.</summary>
    /// <exception cref="IOException">The disk failed; the old file is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public static void Save(string path, SavedNodes nodes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var fresh = path + ".new";
        File.WriteAllBytes(fresh, Encode(nodes));
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Encodes.</summary>
    public static byte[] Encode(SavedNodes saved)
    {
        var root = new BDictionary
        {
            ["kind"] = new BString(Kind),
            ["nodes"] = new BString(Pack(saved.Nodes, V4Length)),
            ["nodes6"] = new BString(Pack(saved.Nodes6, V6Length)),
        };
        if (saved.Id is { } id)
            root["id"] = new BString(Bytes(id));
        if (saved.Id6 is { } id6)
            root["id6"] = new BString(Bytes(id6));
        return root.EncodeAsBytes();
    }

    /// <summary>Decodes.</summary>
    /// <exception cref="FormatException">It is torn, altered or something else.</exception>
    public static SavedNodes Decode(byte[] bytes)
    {
        try
        {
            BencodeScanner.Check(bytes, requireSortedKeys: true);
            if (bytes[0] != (byte)'d')
                throw new FormatException("It is no dictionary.");
            var root = new BencodeParser().Parse<BDictionary>(bytes);
            if (!Value(root, "kind").Span.SequenceEqual("actortorrent dht"u8))
                throw new FormatException("It is something else.");
            return new SavedNodes
            {
                Id = root.ContainsKey("id") ? Id(Value(root, "id")) : null,
                Id6 = root.ContainsKey("id6") ? Id(Value(root, "id6")) : null,
                Nodes = Unpack(Value(root, "nodes"), V4Length),
                Nodes6 = Unpack(Value(root, "nodes6"), V6Length),
            };
        }
        catch (BencodeException failure)
        {
            throw new FormatException($"It is no valid bencode: {failure.Message}", failure);
        }
    }

    private static byte[] Bytes(NodeId id)
    {
        var bytes = new byte[NodeId.Length];
        id.CopyTo(bytes);
        return bytes;
    }

    private static NodeId Id(ReadOnlyMemory<byte> bytes) =>
        bytes.Length == NodeId.Length ? new NodeId(bytes.Span) : throw new FormatException("An id in it has a wrong size.");

    private static byte[] Pack(IReadOnlyList<NodeContact> nodes, int size)
    {
        var bytes = new byte[Math.Min(nodes.Count, SavedNodes.MaxNodes) * size];
        for (var at = 0; at < bytes.Length; at += size)
        {
            nodes[at / size].Id.CopyTo(bytes.AsSpan(at));
            CompactPeers.Write(bytes.AsSpan(at + NodeId.Length), nodes[at / size].EndPoint);
        }
        return bytes;
    }

    private static NodeContact[] Unpack(ReadOnlyMemory<byte> bytes, int size)
    {
        if (bytes.Length % size != 0)
            throw new FormatException("A list of nodes in it has a wrong size.");
        var nodes = new NodeContact[Math.Min(bytes.Length / size, SavedNodes.MaxNodes)];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = bytes.Span.Slice(i * size, size);
            nodes[i] = new NodeContact(new NodeId(node[..NodeId.Length]), CompactPeers.Read(node[NodeId.Length..]));
        }
        return nodes;
    }

    private static ReadOnlyMemory<byte> Value(BDictionary root, string key) =>
        root.TryGetValue(new BString(key), out var value) && value is BString text ? text.Value : throw new FormatException($"It has no '{key}'.");
}
