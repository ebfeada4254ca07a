namespace ActorTorrent.Lab.Hostile;

/// <summary>What one connection of a hostile crowd does.</summary>
public enum HostileBehaviour
{
    /// <summary>Connects and says nothing.</summary>
    Silent,

    /// <summary>Half a handshake, then nothing.</summary>
    HalfHandshake,

    /// <summary>A handshake byte by byte.</summary>
    DrippedHandshake,

    /// <summary>Another protocol.</summary>
    WrongProtocol,

    /// <summary>A torrent that nobody has.</summary>
    WrongInfoHash,

    /// <summary>A handshake, then random bytes.</summary>
    Garbage,

    /// <summary>A message that claims to be huge.</summary>
    HugeLength,

    /// <summary>A message whose body never comes whole.</summary>
    DrippedBody,

    /// <summary>A bitfield that cannot be.</summary>
    BadBitfield,

    /// <summary>Haves, the same ones again and again.</summary>
    HaveFlood,

    /// <summary>Keep-alives as fast as it can.</summary>
    KeepAliveFlood,

    /// <summary>Interested, not interested, choke, unchoke.</summary>
    Flapping,

    /// <summary>Requests, and reads nothing of what comes.</summary>
    NeverReads,

    /// <summary>Requests outside the torrent.</summary>
    BadRequests,

    /// <summary>Requests and cancels of the same blocks for ever.</summary>
    RequestsAndCancels,

    /// <summary>Says it has everything, unchokes, and gives nothing.</summary>
    Stalls,

    /// <summary>Says it has everything, unchokes, and rejects everything.</summary>
    Rejects,

    /// <summary>Blocks that nobody asked for.</summary>
    UnaskedBlocks,

    /// <summary>Nested bencode in extension messages.</summary>
    NestedBencode,

    /// <summary>PEX messages full of addresses, too often.</summary>
    PexFlood,

    /// <summary>A proper handshake, then nothing for as long as it is let.</summary>
    Idle,

    /// <summary>A proper handshake, then a reset.</summary>
    Reset,
}
