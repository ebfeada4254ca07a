using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.limits</c> section of the HOCON files sets. All of it can be changed while the engine runs.</summary>
public sealed record LimitOptions
{
    /// <summary>All torrents together.</summary>
    public RateLimits Engine { get; init; } = RateLimits.None;

    /// <summary>Each torrent, unless it has limits of its own.</summary>
    public RateLimits Torrent { get; init; } = RateLimits.None;

    /// <summary>Each connection.</summary>
    public RateLimits Peer { get; init; } = RateLimits.None;

    /// <summary>How much time's bytes a limit saves up while they are not used: what may be moved at once, in addition to the rate.</summary>
    public TimeSpan Burst { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often what has come in is shared out, at most.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(20);
}
