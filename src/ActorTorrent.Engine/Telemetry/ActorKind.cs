namespace ActorTorrent.Engine.Telemetry;

/// <summary>What an actor of the engine is for.</summary>
public enum ActorKind
{
    /// <summary>It has not said so yet.</summary>
    Unknown,

    /// <summary>The root: torrents, disks, listener.</summary>
    Engine,

    /// <summary>Counts the others.</summary>
    Census,

    /// <summary>Keeps the numbers that monitoring reads.</summary>
    Metrics,

    /// <summary>Shares out the bandwidth.</summary>
    Limits,

    /// <summary>Accepts incoming connections.</summary>
    Listener,

    /// <summary>Reads an incoming connection's handshake.</summary>
    Handshake,

    /// <summary>The node in the distributed hash table.</summary>
    Dht,

    /// <summary>One lookup in the distributed hash table.</summary>
    DhtLookup,

    /// <summary>A volume's blocking work.</summary>
    Disk,

    /// <summary>A torrent.</summary>
    Coordinator,

    /// <summary>A torrent's announces.</summary>
    Tracker,

    /// <summary>Speaks to UDP trackers.</summary>
    UdpTrackers,

    /// <summary>Gathers torrents to ask trackers for their numbers.</summary>
    Scrapes,

    /// <summary>Finds peers in the local network.</summary>
    Lsd,

    /// <summary>A torrent's pieces and files.</summary>
    Storage,

    /// <summary>A peer.</summary>
    Peer,

    /// <summary>A peer's socket.</summary>
    Connection,

    /// <summary>The list of torrents that a service keeps.</summary>
    Session,

    /// <summary>Keeps the IP filter as its files are.</summary>
    IpFilter,
}
