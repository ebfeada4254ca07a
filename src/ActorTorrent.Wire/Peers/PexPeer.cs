using System.Net;

namespace ActorTorrent.Wire.Peers;

/// <summary>A peer that a PEX message adds (BEP 11).</summary>
/// <param name="EndPoint">Where it listens.</param>
/// <param name="Flags">What is said of it.</param>
public readonly record struct PexPeer(IPEndPoint EndPoint, PexFlags Flags);
