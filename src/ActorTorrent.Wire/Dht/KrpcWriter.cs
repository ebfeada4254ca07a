using System.Buffers.Text;
using System.Net;
using System.Text;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Wire.Dht;

/// <summary>Writes a <see cref="KrpcMessage"/> as a datagram: canonical bencode, keys in order, straight into the caller's memory.</summary>
public static class KrpcWriter
{
    /// <summary>Writes a message to the start of <paramref name="destination"/> and returns its length.</summary>
    /// <exception cref="ArgumentException">The destination is too short, or the message is a query of an unknown method.</exception>
    public static int Write(KrpcMessage message, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(message);
        var text = new Output(destination);
        text.Raw("d"u8);
        if (message.Kind == KrpcKind.Query)
        {
            text.Raw("1:ad"u8);
            Arguments(ref text, message);
            text.Raw("e"u8);
        }
        else if (message.Kind == KrpcKind.Error)
        {
            text.Raw("1:el"u8);
            text.Number(message.ErrorCode);
            text.Text(message.ErrorText);
            text.Raw("e"u8);
        }
        if (message.ExternalEndPoint is { } external)
        {
            text.Raw("2:ip"u8);
            text.EndPoint(external);
        }
        if (message.Kind == KrpcKind.Query)
        {
            text.Raw("1:q"u8);
            text.String(NameOf(message.Method));
        }
        else if (message.Kind == KrpcKind.Response)
        {
            text.Raw("1:rd"u8);
            Values(ref text, message);
            text.Raw("e"u8);
        }
        if (message.IsReadOnly)
            text.Raw("2:roi1e"u8);
        text.Raw("1:t"u8);
        text.String(message.TransactionId.Span);
        if (!message.Version.IsEmpty)
        {
            text.Raw("1:v"u8);
            text.String(message.Version.Span);
        }
        text.Raw(message.Kind switch
        {
            KrpcKind.Query => "1:y1:qe"u8,
            KrpcKind.Response => "1:y1:re"u8,
            _ => "1:y1:ee"u8,
        });
        return text.Length;
    }

    private static ReadOnlySpan<byte> NameOf(KrpcMethod method) => method switch
    {
        KrpcMethod.Ping => KrpcNames.Ping,
        KrpcMethod.FindNode => KrpcNames.FindNode,
        KrpcMethod.GetPeers => KrpcNames.GetPeers,
        KrpcMethod.AnnouncePeer => KrpcNames.AnnouncePeer,
        _ => throw new ArgumentException("An unknown method cannot be written.", nameof(method)),
    };

    private static void Arguments(ref Output text, KrpcMessage message)
    {
        text.Raw("2:id"u8);
        text.Id(message.Id);
        switch (message.Method)
        {
            case KrpcMethod.FindNode:
                text.Raw("6:target"u8);
                text.Id(message.Target);
                Want(ref text, message.Want);
                break;
            case KrpcMethod.GetPeers:
                text.Raw("9:info_hash"u8);
                text.Id(message.Target);
                Want(ref text, message.Want);
                break;
            case KrpcMethod.AnnouncePeer:
                if (message.IsImpliedPort)
                    text.Raw("12:implied_porti1e"u8);
                text.Raw("9:info_hash"u8);
                text.Id(message.Target);
                text.Raw("4:port"u8);
                text.Number(message.Port);
                text.Raw("5:token"u8);
                text.String(message.Token.Span);
                break;
        }
    }

    private static void Want(ref Output text, KrpcWant want)
    {
        if (want == KrpcWant.None)
            return;
        text.Raw("4:wantl"u8);
        if (want.HasFlag(KrpcWant.V4))
            text.Raw("2:n4"u8);
        if (want.HasFlag(KrpcWant.V6))
            text.Raw("2:n6"u8);
        text.Raw("e"u8);
    }

    private static void Values(ref Output text, KrpcMessage message)
    {
        text.Raw("2:id"u8);
        text.Id(message.Id);
        if (message.Nodes.Count > 0)
        {
            text.Raw("5:nodes"u8);
            text.Nodes(message.Nodes, CompactPeers.V4Length);
        }
        if (message.Nodes6.Count > 0)
        {
            text.Raw("6:nodes6"u8);
            text.Nodes(message.Nodes6, CompactPeers.V6Length);
        }
        if (!message.Token.IsEmpty)
        {
            text.Raw("5:token"u8);
            text.String(message.Token.Span);
        }
        if (message.Peers.Count == 0)
            return;
        text.Raw("6:valuesl"u8);
        for (var i = 0; i < message.Peers.Count; i++)
            text.EndPoint(message.Peers[i]);
        text.Raw("e"u8);
    }

    private ref struct Output(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        private readonly Span<byte> Rest => _destination[Length..];

        public void Raw(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Rest);
            Length += bytes.Length;
        }

        public void String(scoped ReadOnlySpan<byte> bytes)
        {
            Prefix(bytes.Length);
            Raw(bytes);
        }

        public void Text(string text)
        {
            Prefix(Encoding.UTF8.GetByteCount(text));
            Length += Encoding.UTF8.GetBytes(text, Rest);
        }

        public void Number(long number)
        {
            Raw("i"u8);
            Digits(number);
            Raw("e"u8);
        }

        public void Id(NodeId id)
        {
            Prefix(NodeId.Length);
            id.CopyTo(Rest);
            Length += NodeId.Length;
        }

        public void EndPoint(IPEndPoint endPoint)
        {
            Span<byte> bytes = stackalloc byte[CompactPeers.V6Length];
            String(bytes[..CompactPeers.Write(bytes, endPoint)]);
        }

        public void Nodes(IReadOnlyList<NodeContact> nodes, int endPointLength)
        {
            Prefix(nodes.Count * (NodeId.Length + endPointLength));
            for (var i = 0; i < nodes.Count; i++)
            {
                nodes[i].Id.CopyTo(Rest);
                Length += NodeId.Length;
                var written = CompactPeers.Write(Rest, nodes[i].EndPoint);
                if (written != endPointLength)
                    throw new ArgumentException("A node stands in the list of the other family.", nameof(nodes));
                Length += written;
            }
        }

        private void Prefix(int length)
        {
            Digits(length);
            Raw(":"u8);
        }

        private void Digits(long number)
        {
            if (!Utf8Formatter.TryFormat(number, Rest, out var written))
                throw new ArgumentException("The destination is too short for the message.", nameof(number));
            Length += written;
        }
    }
}
