using System.Net;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Wire.Trackers;

/// <summary>A peer that a tracker named.</summary>
/// <param name="EndPoint">Its address and TCP port.</param>
/// <param name="PeerId">Its id, when the tracker said so.</param>
public sealed record TrackerPeer(IPEndPoint EndPoint, PeerId? PeerId);
