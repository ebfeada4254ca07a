using System.Net;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Dht;

/// <summary>
/// A message between two DHT nodes: one datagram (BEP 5, with BEP 32's <c>nodes6</c> and <c>want</c>, BEP 42's <c>ip</c> and BEP 43's
/// <c>ro</c>). A property that its kind does not use is left at its default.
/// </summary>
public sealed record KrpcMessage
{
    /// <summary>The longest datagram that is looked at: 4 KiB. Honest ones keep to an Ethernet frame.</summary>
    public const int MaxLength = 4096;

    /// <summary>The longest transaction id that is taken: 32 bytes. Most nodes use two.</summary>
    public const int MaxTransactionId = 32;

    /// <summary>The longest token that is taken: 64 bytes.</summary>
    public const int MaxToken = 64;

    /// <summary>The nodes of a family that are taken from one message, 32; further ones are dropped. BEP 5 has eight.</summary>
    public const int MaxNodes = 32;

    /// <summary>The peers that are taken from one message, 200; further ones are dropped.</summary>
    public const int MaxPeers = 200;

    /// <summary>The bytes of a version that are taken: 8. BEP 5 has four.</summary>
    public const int MaxVersion = 8;

    /// <summary><c>t</c>: chosen by who asks, handed back by who answers.</summary>
    public ReadOnlyMemory<byte> TransactionId { get; init; }

    /// <summary><c>y</c>.</summary>
    public KrpcKind Kind { get; init; }

    /// <summary><c>q</c>, of a query.</summary>
    public KrpcMethod Method { get; init; }

    /// <summary><c>id</c>: the sender's own; of queries and responses.</summary>
    public NodeId Id { get; init; }

    /// <summary><c>target</c> of find_node, <c>info_hash</c> of get_peers and announce_peer.</summary>
    public NodeId Target { get; init; }

    /// <summary><c>port</c> of announce_peer: the sender's TCP port, 1 to 65,535; any number when <see cref="IsImpliedPort"/>.</summary>
    public int Port { get; init; }

    /// <summary><c>implied_port</c> of announce_peer: the datagram's source port is meant.</summary>
    public bool IsImpliedPort { get; init; }

    /// <summary><c>token</c>: of announce_peer, and of the answer to get_peers; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Token { get; init; }

    /// <summary><c>want</c>, of find_node and get_peers.</summary>
    public KrpcWant Want { get; init; }

    /// <summary><c>nodes</c>: IPv4 nodes, of responses.</summary>
    public IReadOnlyList<NodeContact> Nodes { get; init; } = [];

    /// <summary><c>nodes6</c>: IPv6 nodes, of responses (BEP 32).</summary>
    public IReadOnlyList<NodeContact> Nodes6 { get; init; } = [];

    /// <summary><c>values</c>: peers, of responses to get_peers.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; init; } = [];

    /// <summary><c>ro</c>: the sender of the query answers none itself (BEP 43).</summary>
    public bool IsReadOnly { get; init; }

    /// <summary><c>v</c>: the client, two letters, and its version; empty when it does not say.</summary>
    public ReadOnlyMemory<byte> Version { get; init; }

    /// <summary><c>ip</c>: the receiver's endpoint as the sender of the response sees it (BEP 42).</summary>
    public IPEndPoint? ExternalEndPoint { get; init; }

    /// <summary>The number of an error, <see cref="KrpcErrorCode"/> or another.</summary>
    public int ErrorCode { get; init; }

    /// <summary>An error's words. They come from a stranger; control characters are shown as escapes.</summary>
    public string ErrorText { get; init; } = string.Empty;

    /// <summary>A ping.</summary>
    public static KrpcMessage Ping(NodeId id) => new() { Kind = KrpcKind.Query, Method = KrpcMethod.Ping, Id = id };

    /// <summary>Asks for the nodes nearest to a target.</summary>
    public static KrpcMessage FindNode(NodeId id, NodeId target) =>
        new() { Kind = KrpcKind.Query, Method = KrpcMethod.FindNode, Id = id, Target = target };

    /// <summary>Asks for a torrent's peers.</summary>
    public static KrpcMessage GetPeers(NodeId id, InfoHash infoHash) =>
        new() { Kind = KrpcKind.Query, Method = KrpcMethod.GetPeers, Id = id, Target = NodeId.Of(infoHash) };

    /// <summary>Tells that we have a torrent.</summary>
    /// <param name="id">Our id.</param>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="port">Our TCP port.</param>
    /// <param name="token">As the node gave it in its answer to get_peers.</param>
    public static KrpcMessage AnnouncePeer(NodeId id, InfoHash infoHash, int port, ReadOnlyMemory<byte> token) =>
        new() { Kind = KrpcKind.Query, Method = KrpcMethod.AnnouncePeer, Id = id, Target = NodeId.Of(infoHash), Port = port, Token = token };

    /// <summary>An answer that holds nothing but the sender's id.</summary>
    public static KrpcMessage Response(NodeId id) => new() { Kind = KrpcKind.Response, Id = id };

    /// <summary>An answer that it cannot be had.</summary>
    public static KrpcMessage Error(KrpcErrorCode code, string text) => new() { Kind = KrpcKind.Error, ErrorCode = (int)code, ErrorText = text };
}
