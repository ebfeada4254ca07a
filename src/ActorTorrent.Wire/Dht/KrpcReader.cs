using System.Net;
using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Trackers;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Dht;

/// <summary>
/// Reads a datagram as a <see cref="KrpcMessage"/>. Strict where a message could cost or mislead us (bencode, sizes, ids), lenient in what
/// only informs (version, <c>want</c>, <c>ip</c>): that counts as left out when it makes no sense.
/// </summary>
public static class KrpcReader
{
    private const int V4NodeLength = NodeId.Length + CompactPeers.V4Length;
    private const int V6NodeLength = NodeId.Length + CompactPeers.V6Length;
    private const int MostErrorText = 100;

    /// <summary>Reads a datagram. Nothing of it is kept.</summary>
    /// <exception cref="KrpcException">It is none.</exception>
    public static KrpcMessage Read(ReadOnlyMemory<byte> datagram)
    {
        if (datagram.Length > KrpcMessage.MaxLength)
            throw new KrpcException(KrpcFault.TooLong, $"A datagram of {datagram.Length} bytes is longer than any message.");
        var isScanned = false;
        ReadOnlyMemory<byte> query = default;
        var root = BencodeFields.Parse(datagram, (field, offset, message) => new KrpcException(
            isScanned ? KrpcFault.BadField : KrpcFault.NotBencode, $"{(field.Length == 0 ? "The message" : field)} at byte {offset} {message}.")
        {
            QueryId = query,
        });
        isScanned = true;

        var transaction = root.Bytes("t") is { } id ? id : throw root.Fault("t", "is missing");
        if (transaction.Length is 0 or > KrpcMessage.MaxTransactionId)
            throw new KrpcException(KrpcFault.TooLongField, $"A transaction id has {transaction.Length} bytes.");
        var kind = root.Bytes("y") is { Length: 1 } letter ? letter.Span[0] : throw root.Fault("y", "must be q, r or e");
        var message = new KrpcMessage
        {
            TransactionId = transaction.ToArray(),
            Version = root.Lenient<BString>("v") is { } version && version.Value.Length <= KrpcMessage.MaxVersion ? version.Value.ToArray() : default,
            ExternalEndPoint = root.Lenient<BString>("ip") is { } ip ? EndPoint(ip.Value.Span) : null,
        };
        switch (kind)
        {
            case (byte)'q':
                query = message.TransactionId;
                return Query(root, message);
            case (byte)'r':
                return Response(root, message);
            case (byte)'e':
                return Error(root, message);
            default:
                throw root.Fault("y", "must be q, r or e");
        }
    }

    private static KrpcMessage Query(BencodeFields root, KrpcMessage message)
    {
        var name = root.Bytes("q") is { } bytes ? bytes : throw root.Fault("q", "is missing");
        var method = MethodOf(name.Span);
        var isReadOnly = root.Lenient<BNumber>("ro") is { Value: 1 };
        message = message with { Kind = KrpcKind.Query, Method = method, IsReadOnly = isReadOnly };
        if (method == KrpcMethod.Unknown)
            return message;
        var arguments = root.Fields("a") ?? throw root.Fault("a", "is missing");
        message = message with { Id = Id(arguments, "id") };
        switch (method)
        {
            case KrpcMethod.FindNode:
                return message with { Target = Id(arguments, "target"), Want = WantOf(arguments) };
            case KrpcMethod.GetPeers:
                return message with { Target = Id(arguments, "info_hash"), Want = WantOf(arguments) };
            case KrpcMethod.AnnouncePeer:
                var isImplied = arguments.Lenient<BNumber>("implied_port") is { Value: not 0 };
                var port = arguments.Number("port") ?? (isImplied ? 0 : throw arguments.Fault("port", "is missing"));
                if (port is < 0 or > IPEndPoint.MaxPort || (port == 0 && !isImplied))
                    throw arguments.Fault("port", "must be a port");
                return message with
                {
                    Target = Id(arguments, "info_hash"),
                    IsImpliedPort = isImplied,
                    Port = (int)port,
                    Token = Token(arguments) ?? throw arguments.Fault("token", "is missing"),
                };
            default:
                return message;
        }
    }

    private static KrpcMessage Response(BencodeFields root, KrpcMessage message)
    {
        var values = root.Fields("r") ?? throw root.Fault("r", "is missing");
        return message with
        {
            Kind = KrpcKind.Response,
            Id = Id(values, "id"),
            Token = Token(values) ?? default,
            Nodes = Nodes(values, "nodes", V4NodeLength),
            Nodes6 = Nodes(values, "nodes6", V6NodeLength),
            Peers = Peers(values),
        };
    }

    private static KrpcMessage Error(BencodeFields root, KrpcMessage message)
    {
        var error = root.List("e") ?? throw root.Fault("e", "is missing");
        if (error.Count < 1 || error[0] is not BNumber { Value: >= int.MinValue and <= int.MaxValue } code)
            throw root.Fault("e", "must be a number and a text");
        return message with
        {
            Kind = KrpcKind.Error,
            ErrorCode = (int)code.Value,
            ErrorText = error.Count > 1 && error[1] is BString text ? PrintableBytes.Of(text.Value.Span, MostErrorText) : string.Empty,
        };
    }

    private static KrpcMethod MethodOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(KrpcNames.Ping) ? KrpcMethod.Ping
        : name.SequenceEqual(KrpcNames.FindNode) ? KrpcMethod.FindNode
        : name.SequenceEqual(KrpcNames.GetPeers) ? KrpcMethod.GetPeers
        : name.SequenceEqual(KrpcNames.AnnouncePeer) ? KrpcMethod.AnnouncePeer
        : KrpcMethod.Unknown;

    private static NodeId Id(BencodeFields fields, string key) =>
        fields.Bytes(key) is not { } bytes ? throw fields.Fault(key, "is missing")
        : bytes.Length == NodeId.Length ? new NodeId(bytes.Span)
        : throw fields.Fault(key, $"must have {NodeId.Length} bytes");

    private static ReadOnlyMemory<byte>? Token(BencodeFields fields)
    {
        if (fields.Bytes("token") is not { } token)
            return null;
        return token.Length <= KrpcMessage.MaxToken
            ? token.ToArray()
            : throw new KrpcException(KrpcFault.TooLongField, $"A token has {token.Length} bytes.");
    }

    private static KrpcWant WantOf(BencodeFields fields)
    {
        var want = KrpcWant.None;
        foreach (var item in fields.Lenient<BList>("want") ?? [])
        {
            if (item is not BString family)
                continue;
            if (family.Value.Span.SequenceEqual("n4"u8))
                want |= KrpcWant.V4;
            else if (family.Value.Span.SequenceEqual("n6"u8))
                want |= KrpcWant.V6;
        }
        return want;
    }

    private static IReadOnlyList<NodeContact> Nodes(BencodeFields fields, string key, int size)
    {
        if (fields.Bytes(key) is not { Length: > 0 } bytes)
            return [];
        if (bytes.Length % size != 0)
            throw new KrpcException(KrpcFault.WrongListSize, $"{fields.Path.Key(key)} has {bytes.Length} bytes, no multiple of {size}.");
        var count = Math.Min(bytes.Length / size, KrpcMessage.MaxNodes);
        var nodes = new NodeContact[count];
        for (var i = 0; i < count; i++)
        {
            var node = bytes.Span.Slice(i * size, size);
            nodes[i] = new NodeContact(new NodeId(node[..NodeId.Length]), CompactPeers.Read(node[NodeId.Length..]));
        }
        return nodes;
    }

    private static IReadOnlyList<IPEndPoint> Peers(BencodeFields fields)
    {
        if (fields.List("values") is not { Count: > 0 } values)
            return [];
        var peers = new IPEndPoint[Math.Min(values.Count, KrpcMessage.MaxPeers)];
        for (var i = 0; i < peers.Length; i++)
        {
            var bytes = values[i] is BString text ? text.Value : throw fields.Fault(fields.Path.Key("values").Item(i), "must be a string");
            peers[i] = EndPoint(bytes.Span)
                ?? throw new KrpcException(KrpcFault.WrongListSize, $"A peer has {bytes.Length} bytes.");
        }
        return peers;
    }

    private static IPEndPoint? EndPoint(ReadOnlySpan<byte> bytes) =>
        bytes.Length is CompactPeers.V4Length or CompactPeers.V6Length ? CompactPeers.Read(bytes) : null;
}
