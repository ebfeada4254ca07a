namespace ActorTorrent.Engine.Limits;

/// <summary>The lanes of one torrent in a <see cref="BandwidthLimiter"/>, which share a limit.</summary>
internal sealed class BandwidthGroup
{
    internal BandwidthGroup(TokenBucket bucket) => Bucket = bucket;

    /// <summary>The torrent's own limit.</summary>
    public ByteRate Rate => Bucket.Rate;

    /// <summary>The bandwidth group that it is in; null for none.</summary>
    public BandwidthPool? Pool { get; set; }

    /// <summary>Whether the torrent itself honours the limit of all torrents.</summary>
    public bool HonorsAll { get; set; } = true;

    /// <summary>How its lanes stand beside others.</summary>
    public BandwidthPriority Priority { get; set; }

    /// <summary>Whether the limit of all torrents does not hold for it: by its own setting, or by its group's.</summary>
    public bool IsExempt => !HonorsAll || Pool is { HonorsAll: false };

    /// <summary>Changes that limit.</summary>
    public void SetRate(ByteRate rate, TimeSpan now) => Bucket.SetRate(rate, now);

    internal TokenBucket Bucket { get; }

    /// <summary>The last distribution in which somebody of the group had to wait for this limit: nobody behind is served before.</summary>
    internal long ExhaustedAt { get; set; } = -1;
}
