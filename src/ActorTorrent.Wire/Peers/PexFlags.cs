namespace ActorTorrent.Wire.Peers;

/// <summary>What a PEX message says of a peer that it adds (BEP 11).</summary>
[Flags]
public enum PexFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It prefers encryption.</summary>
    PrefersEncryption = 0x01,

    /// <summary>It is a seed, or wants no more pieces.</summary>
    Seed = 0x02,

    /// <summary>It speaks uTP.</summary>
    Utp = 0x04,

    /// <summary>It speaks <c>ut_holepunch</c>.</summary>
    Holepunch = 0x08,

    /// <summary>The sender dialled it, so it can be reached.</summary>
    Reachable = 0x10,
}
