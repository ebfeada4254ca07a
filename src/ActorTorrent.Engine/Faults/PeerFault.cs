using System.Net;

namespace ActorTorrent.Engine.Faults;

/// <summary>A peer's failure, typed.</summary>
/// <param name="Session">The number of the connection attempt in its torrent.</param>
/// <param name="EndPoint">The peer's address.</param>
/// <param name="Direction">Who dialled.</param>
/// <param name="Phase">How far the peer had come.</param>
/// <param name="Cause">Why it failed.</param>
/// <param name="Detail">What was seen, in words.</param>
/// <param name="Client">The peer's client name, once its handshake was read.</param>
/// <param name="Evidence">The bytes that prove it, at most 64 of them; empty when there are none.</param>
public sealed record PeerFault(
    int Session,
    IPEndPoint EndPoint,
    PeerDirection Direction,
    FaultPhase Phase,
    FaultCause Cause,
    string Detail,
    string? Client = null,
    ReadOnlyMemory<byte> Evidence = default);
