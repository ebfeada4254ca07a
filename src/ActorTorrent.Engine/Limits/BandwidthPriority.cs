namespace ActorTorrent.Engine.Limits;

/// <summary>
/// How a torrent stands beside others where a limit holds: a peer of a torrent of high priority gets four times as much as one of normal
/// priority, and that four times as much as one of low priority. Nobody is left without.
/// </summary>
public enum BandwidthPriority
{
    /// <summary>A quarter of the normal share.</summary>
    Low = -1,

    /// <summary>The normal share.</summary>
    Normal = 0,

    /// <summary>Four times the normal share.</summary>
    High = 1,
}
