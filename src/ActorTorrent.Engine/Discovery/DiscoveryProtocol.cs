using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Discovery;

/// <summary>The conversation between a torrent's coordinator and those who find peers without a tracker (DHT, LSD).</summary>
internal static class DiscoveryProtocol
{
    /// <summary>
    /// Coordinator → finder: look for peers of this torrent now and regularly from then on, and tell others that we have it. Answered by
    /// <see cref="PeersFound"/> whenever there are any. Never sent for a private torrent (BEP 27).
    /// </summary>
    /// <param name="InfoHash">The torrent.</param>
    public sealed record Follow(InfoHash InfoHash);

    /// <summary>Coordinator → finder: no more of this torrent.</summary>
    /// <param name="InfoHash">The torrent.</param>
    public sealed record Unfollow(InfoHash InfoHash);

    /// <summary>Finder → coordinator: addresses of peers; never an empty list.</summary>
    /// <param name="Peers">The addresses.</param>
    /// <param name="Source">How they were found.</param>
    /// <param name="IsLocal">Whether the one who named them is local himself, so that loopback and private addresses may be believed.</param>
    public sealed record PeersFound(IReadOnlyList<IPEndPoint> Peers, PeerSource Source, bool IsLocal);
}
