namespace ActorTorrent.Engine.Telemetry;

/// <summary>The DHT as this engine sees it.</summary>
/// <param name="Port">Our UDP port; 0 when there is none.</param>
/// <param name="Nodes">IPv4 nodes in the routing table.</param>
/// <param name="Nodes6">IPv6 nodes.</param>
/// <param name="Lookups">Lookups under way.</param>
/// <param name="Followed">Torrents of ours that are looked for.</param>
/// <param name="StoredTorrents">Torrents of others whose peers we keep.</param>
/// <param name="StoredPeers">Those peers.</param>
/// <param name="Received">Datagrams received.</param>
/// <param name="Sent">Datagrams sent.</param>
/// <param name="Malformed">Datagrams that were no messages.</param>
/// <param name="Unsolicited">Answers to nothing that we asked.</param>
/// <param name="Ignored">Datagrams dropped because their address asked too much.</param>
public sealed record DhtStatus(
    int Port,
    int Nodes,
    int Nodes6,
    int Lookups,
    int Followed,
    int StoredTorrents,
    int StoredPeers,
    long Received,
    long Sent,
    long Malformed,
    long Unsolicited,
    long Ignored);
