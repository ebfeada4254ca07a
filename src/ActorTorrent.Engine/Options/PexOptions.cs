namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.pex</c> section of the HOCON files sets: telling peers of peers (BEP 11).</summary>
public sealed record PexOptions
{
    /// <summary>Whether it is done at all; never for private torrents.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Time between two messages to one peer.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages of one peer that may come ahead of their time; more are a flood.</summary>
    public int Burst { get; init; } = 3;
}
