namespace ActorTorrent.Lab.Peers;

/// <summary>How a stub leecher's download ended.</summary>
public enum LeecherEnding
{
    /// <summary>It has everything.</summary>
    Complete,

    /// <summary>It left, as its script says.</summary>
    Left,

    /// <summary>The other side ended the connection in order.</summary>
    Closed,

    /// <summary>The connection was reset.</summary>
    Reset,

    /// <summary>The other side broke the protocol.</summary>
    ProtocolError,
}
