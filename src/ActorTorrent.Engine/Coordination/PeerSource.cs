namespace ActorTorrent.Engine.Coordination;

/// <summary>Who told us of a peer. The order is by how much the word is worth when room is short: the lower, the more.</summary>
public enum PeerSource
{
    /// <summary>The user.</summary>
    Manual,

    /// <summary>A tracker of the torrent.</summary>
    Tracker,

    /// <summary>A multicast in the local network.</summary>
    Lsd,

    /// <summary>The peer itself, by connecting to us.</summary>
    Incoming,

    /// <summary>The distributed hash table.</summary>
    Dht,

    /// <summary>Another peer.</summary>
    Pex,
}
