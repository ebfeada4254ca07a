namespace ActorTorrent.Wire.Dht;

/// <summary>What a query asks for (BEP 5): key <c>q</c>.</summary>
public enum KrpcMethod
{
    /// <summary>Anything that we do not know.</summary>
    Unknown,

    /// <summary>Who are you?</summary>
    Ping,

    /// <summary>Which nodes are nearest to a target?</summary>
    FindNode,

    /// <summary>Who has this torrent, or which nodes are nearest to it?</summary>
    GetPeers,

    /// <summary>I have this torrent.</summary>
    AnnouncePeer,
}
