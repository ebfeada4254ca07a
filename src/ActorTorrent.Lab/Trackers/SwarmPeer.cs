using System.Net;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Trackers;

/// <summary>A peer as a tracker knows it.</summary>
/// <param name="EndPoint">Where it listens; what it is known by.</param>
/// <param name="PeerId">Its id.</param>
/// <param name="IsSeed">It has everything.</param>
public sealed record SwarmPeer(IPEndPoint EndPoint, PeerId PeerId, bool IsSeed);
