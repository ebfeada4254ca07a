namespace ActorTorrent.Engine.Coordination;

/// <summary>What a <see cref="Choker"/> goes by.</summary>
internal sealed record ChokerOptions
{
    /// <summary>How many interested peers are unchoked at once to begin with, the optimistic one included; 0 uploads nothing.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Whom a seed uploads to.</summary>
    public SeedChoking SeedChoking { get; init; }

    /// <summary>How many of the slots are kept for peers that earned nothing yet.</summary>
    public int OptimisticSlots { get; init; } = 1;

    /// <summary>How long a peer is unchoked optimistically before it is another's turn.</summary>
    public TimeSpan OptimisticPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a peer counts as new.</summary>
    public TimeSpan NewPeerPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many times as likely a new peer is unchoked optimistically, having no piece to trade yet.</summary>
    public int NewPeerWeight { get; init; } = 3;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    public ChokerOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Slots);
        ArgumentOutOfRangeException.ThrowIfNegative(OptimisticSlots);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(OptimisticPeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(NewPeerPeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(NewPeerWeight, 1);
        return this;
    }
}
