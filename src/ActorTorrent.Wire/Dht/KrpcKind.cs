namespace ActorTorrent.Wire.Dht;

/// <summary>The kinds of KRPC message (BEP 5): key <c>y</c>.</summary>
public enum KrpcKind
{
    /// <summary><c>q</c>: asks for something.</summary>
    Query,

    /// <summary><c>r</c>: answers.</summary>
    Response,

    /// <summary><c>e</c>: answers that it cannot be had.</summary>
    Error,
}
