namespace ActorTorrent.Engine.Options;

/// <summary>Where peers are looked for in the local network.</summary>
public enum LsdInterfaces
{
    /// <summary>On every interface that can multicast, and within this host.</summary>
    All,

    /// <summary>Within this host alone.</summary>
    Loopback,
}
