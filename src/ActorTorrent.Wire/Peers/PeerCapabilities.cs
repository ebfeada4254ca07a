namespace ActorTorrent.Wire.Peers;

/// <summary>What a peer says it can do, by the handshake's eight reserved bytes.</summary>
[Flags]
public enum PeerCapabilities
{
    /// <summary>BEP 3 alone.</summary>
    None = 0,

    /// <summary>Has a DHT node (BEP 5): reserved byte 7, bit 0x01.</summary>
    Dht = 1,

    /// <summary>Speaks the fast extension (BEP 6): reserved byte 7, bit 0x04.</summary>
    Fast = 2,

    /// <summary>Speaks the extension protocol (BEP 10): reserved byte 5, bit 0x10.</summary>
    Extended = 4,
}
