namespace ActorTorrent.Wire.Peers;

/// <summary>What the bytes received so far prove about a handshake.</summary>
public enum HandshakeVerdict
{
    /// <summary>Nothing is wrong yet, but fewer than 68 bytes came.</summary>
    Incomplete,

    /// <summary>68 bytes came and all that can be checked is right.</summary>
    Ok,

    /// <summary>One of bytes 0 to 19 differs: another protocol, or an encrypted one.</summary>
    WrongProtocol,

    /// <summary>One of bytes 28 to 47 differs from the expected info hash.</summary>
    WrongInfoHash,
}
