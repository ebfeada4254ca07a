namespace ActorTorrent.Wire.Dht;

/// <summary>Why a datagram is no KRPC message.</summary>
public enum KrpcFault
{
    /// <summary>It is longer than any message.</summary>
    TooLong,

    /// <summary>It is no bencoded dictionary, or nested too deep.</summary>
    NotBencode,

    /// <summary>A value that its kind must have is missing, or is of another kind or out of its range.</summary>
    BadField,

    /// <summary>A transaction id or token is longer than any honest one.</summary>
    TooLongField,

    /// <summary>A list of nodes or peers is no whole number of them.</summary>
    WrongListSize,
}
