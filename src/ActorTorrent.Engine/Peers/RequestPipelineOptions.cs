namespace ActorTorrent.Engine.Peers;

/// <summary>What a <see cref="RequestPipeline"/> goes by.</summary>
internal sealed record RequestPipelineOptions
{
    /// <summary>How much of a peer's rate is asked for ahead: more than any round trip, so that its queue never runs dry.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The fewest blocks to have outstanding.</summary>
    public int MinBlocks { get; init; } = 8;

    /// <summary>The most blocks to have outstanding.</summary>
    public int MaxBlocks { get; init; } = 500;

    /// <summary>The fewest blocks to ask for at once, as far as the target allows.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    public RequestPipelineOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Ahead, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBlocks, MinBlocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(Batch, 1);
        return this;
    }
}
