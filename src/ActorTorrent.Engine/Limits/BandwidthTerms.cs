namespace ActorTorrent.Engine.Limits;

/// <summary>How a torrent stands to the limits that it shares with others.</summary>
/// <param name="HonorsEngineLimits">Whether the limits of all torrents together hold for it. What it moves otherwise does not count there either.</param>
/// <param name="Priority">How much it gets beside others.</param>
/// <param name="Group">The bandwidth group that it is in; null for none. A group of which nothing was said has no limits.</param>
public sealed record BandwidthTerms(
    bool HonorsEngineLimits = true, BandwidthPriority Priority = BandwidthPriority.Normal, string? Group = null)
{
    /// <summary>Those of a torrent of which nothing was said.</summary>
    public static readonly BandwidthTerms Default = new();
}
