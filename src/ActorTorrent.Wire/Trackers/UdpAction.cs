namespace ActorTorrent.Wire.Trackers;

/// <summary>What a datagram between a client and a UDP tracker is about (BEP 15).</summary>
public enum UdpAction
{
    /// <summary>Getting a connection id.</summary>
    Connect = 0,

    /// <summary>An announce.</summary>
    Announce = 1,

    /// <summary>Numbers alone.</summary>
    Scrape = 2,

    /// <summary>The tracker's refusal.</summary>
    Error = 3,
}
