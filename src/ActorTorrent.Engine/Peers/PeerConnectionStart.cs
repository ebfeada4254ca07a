using System.Net;

namespace ActorTorrent.Engine.Peers;

/// <summary>What a connection starts from: an address to dial or a socket that was accepted.</summary>
/// <param name="Session">The number of the attempt in its torrent.</param>
/// <param name="EndPoint">The peer's address.</param>
/// <param name="Accepted">The accepted connection; null to dial.</param>
internal sealed record PeerConnectionStart(int Session, IPEndPoint EndPoint, AcceptedConnection? Accepted);
