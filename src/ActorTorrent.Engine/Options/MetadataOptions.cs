namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.metadata</c> section of the HOCON files sets: fetching and serving a torrent's info dictionary (BEP 9).</summary>
public sealed record MetadataOptions
{
    /// <summary>The largest metadata accepted, in bytes.</summary>
    public int MaxBytes { get; init; } = 30 << 20;

    /// <summary>Pieces asked of one peer at once.</summary>
    public int Pipeline { get; init; } = 4;

    /// <summary>How long a peer may owe a piece and send none.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a peer that rejected a piece is not asked again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Copies put together at once: one for each size that peers claim, or for each peer once they are known to disagree.</summary>
    public int Copies { get; init; } = 3;

    /// <summary>How long a copy is put together before another claim, if one waits, gets its turn.</summary>
    public TimeSpan CopyTurn { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pieces sent to one peer, a second.</summary>
    public int ServedPerSecond { get; init; } = 64;

    /// <summary>Pieces asked for by one peer that may wait; more are rejected.</summary>
    public int ServeQueue { get; init; } = 256;
}
