namespace ActorTorrent.Lab.Peers;

/// <summary>Which 68 bytes a stub peer answers a handshake with.</summary>
public enum HandshakeText
{
    /// <summary>The right ones.</summary>
    Proper,

    /// <summary>Another protocol's name in bytes 0 to 19.</summary>
    WrongProtocol,

    /// <summary>Another torrent's info hash in bytes 28 to 47.</summary>
    WrongInfoHash,
}
