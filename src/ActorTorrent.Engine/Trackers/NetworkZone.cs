namespace ActorTorrent.Engine.Trackers;

/// <summary>How near to this host an address is; the nearer, the more is trusted to whoever can make us connect there.</summary>
internal enum NetworkZone
{
    /// <summary>Anywhere.</summary>
    Public = 0,

    /// <summary>Private, link-local, shared (RFC 6598), multicast or unspecified.</summary>
    Lan = 1,

    /// <summary>This host itself.</summary>
    Host = 2,
}
