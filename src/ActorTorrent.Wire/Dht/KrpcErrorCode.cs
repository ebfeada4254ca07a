namespace ActorTorrent.Wire.Dht;

/// <summary>The errors of BEP 5. Others send other numbers too.</summary>
public enum KrpcErrorCode
{
    /// <summary>Anything else.</summary>
    Generic = 201,

    /// <summary>The node that answers is at fault.</summary>
    Server = 202,

    /// <summary>Malformed, invalid arguments, or a bad token.</summary>
    Protocol = 203,

    /// <summary>The method is not known.</summary>
    MethodUnknown = 204,
}
