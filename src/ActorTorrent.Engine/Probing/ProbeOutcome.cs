namespace ActorTorrent.Engine.Probing;

/// <summary>How the probe of one peer ended. What bytes prove comes before how the connection ended.</summary>
public enum ProbeOutcome
{
    /// <summary>All 68 bytes of a right handshake came.</summary>
    Ok,

    /// <summary>The address is there, and nobody listens on the port.</summary>
    Refused,

    /// <summary>The network or this host has no way to the address.</summary>
    Unreachable,

    /// <summary>The connection was not made in time.</summary>
    ConnectTimeout,

    /// <summary>The connection was made, and the 68 bytes were not there in time.</summary>
    HandshakeTimeout,

    /// <summary>The peer ended the connection in order before 68 bytes came.</summary>
    Closed,

    /// <summary>The connection was reset before 68 bytes came.</summary>
    Reset,

    /// <summary>One of the bytes 0 to 19 is not BitTorrent's.</summary>
    WrongProtocol,

    /// <summary>One of the bytes 28 to 47 is not the info hash's.</summary>
    WrongInfoHash,
}
