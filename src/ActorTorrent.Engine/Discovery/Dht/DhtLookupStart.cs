using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What a lookup begins with.</summary>
/// <param name="Query">What each node is asked: find_node or get_peers.</param>
/// <param name="Own">Our place.</param>
/// <param name="Family">The family of addresses.</param>
/// <param name="Nodes">Nodes that we know.</param>
/// <param name="EndPoints">Nodes whose ids are not known.</param>
/// <param name="AnnouncePort">The TCP port that is announced to the nearest nodes in the end; 0 for none.</param>
/// <param name="Options">α, timeouts, bounds.</param>
/// <param name="Time">The clock.</param>
internal sealed record DhtLookupStart(
    KrpcMessage Query,
    NodeId Own,
    AddressFamily Family,
    IReadOnlyList<NodeContact> Nodes,
    IReadOnlyList<IPEndPoint> EndPoints,
    int AnnouncePort,
    DhtOptions Options,
    TimeProvider Time);
