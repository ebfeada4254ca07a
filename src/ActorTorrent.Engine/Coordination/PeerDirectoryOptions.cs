namespace ActorTorrent.Engine.Coordination;

/// <summary>What a <see cref="PeerDirectory"/> goes by.</summary>
internal sealed record PeerDirectoryOptions
{
    /// <summary>How many endpoints are kept, a torrent.</summary>
    public int Capacity { get; init; } = 3_000;

    /// <summary>How many bans are kept, a torrent; the oldest goes first.</summary>
    public int BanCapacity { get; init; } = 10_000;

    /// <summary>The most that a peer's trust can be: a long good record does not buy endless bad pieces.</summary>
    public int TrustCeiling { get; init; } = 8;

    /// <summary>The trust at which a peer is put on parole: it gives whole pieces alone, so that a bad one is proof.</summary>
    public int ParoleTrust { get; init; } = -7;

    /// <summary>How long one that was given up is left alone, whoever names it.</summary>
    public TimeSpan GivenUpPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    public PeerDirectoryOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BanCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(TrustCeiling);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ParoleTrust, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(GivenUpPause, TimeSpan.Zero);
        return this;
    }
}
