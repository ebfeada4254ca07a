namespace ActorTorrent.Wire.Dht;

/// <summary>Which families of nodes a query asks for (BEP 32): key <c>want</c>.</summary>
[Flags]
public enum KrpcWant
{
    /// <summary>It does not say: those of the family that it was sent over.</summary>
    None = 0,

    /// <summary><c>n4</c>: IPv4.</summary>
    V4 = 1,

    /// <summary><c>n6</c>: IPv6.</summary>
    V6 = 2,
}
