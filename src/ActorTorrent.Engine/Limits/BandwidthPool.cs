namespace ActorTorrent.Engine.Limits;

/// <summary>A bandwidth group in a <see cref="BandwidthLimiter"/>: torrents that share a limit of their own.</summary>
internal sealed class BandwidthPool
{
    internal BandwidthPool(TokenBucket bucket) => Bucket = bucket;

    /// <summary>What all its torrents may move together.</summary>
    public ByteRate Rate => Bucket.Rate;

    /// <summary>Whether the limit of all torrents holds for its torrents, too.</summary>
    public bool HonorsAll { get; set; } = true;

    /// <summary>Changes its limit.</summary>
    public void SetRate(ByteRate rate, TimeSpan now) => Bucket.SetRate(rate, now);

    internal TokenBucket Bucket { get; }

    /// <summary>The last distribution in which somebody of it had to wait for this limit: nobody behind is served before.</summary>
    internal long ExhaustedAt { get; set; } = -1;
}
