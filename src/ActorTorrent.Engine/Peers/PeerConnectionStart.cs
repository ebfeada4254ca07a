using System.Net;

namespace ActorTorrent.Engine.Peers;

/// <summary>What a connection starts from: an address to dial or a socket that was accepted.</summary>
/// <param name="session">The number of the attempt in its torrent.</param>
/// <param name="endPoint">The peer's address.</param>
/// <param name="accepted">The accepted connection; null to dial.</param>
internal sealed class PeerConnectionStart(int session, IPEndPoint endPoint, AcceptedConnection? accepted)
{
    private AcceptedConnection? _accepted = accepted;

    /// <summary>The number of the attempt in its torrent.</summary>
    public int Session { get; } = session;

    /// <summary>The peer's address.</summary>
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Hands over the accepted connection, once: what it starts from lives as long as the actor does. Null to dial.</summary>
    public AcceptedConnection? TakeAccepted()
    {
        var taken = _accepted;
        _accepted = null;
        return taken;
    }
}
