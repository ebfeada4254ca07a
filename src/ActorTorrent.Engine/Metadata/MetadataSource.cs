namespace ActorTorrent.Engine.Metadata;

/// <summary>A peer that offers a torrent's metadata: what it claims, owes and sent.</summary>
internal sealed class MetadataSource(int session, long size)
{
    public int Session { get; } = session;

    /// <summary>The size it claims, in bytes.</summary>
    public long Size { get; } = size;

    /// <summary>Pieces asked of it, and when.</summary>
    public Dictionary<int, TimeSpan> Owed { get; } = [];

    /// <summary>The SHA-1 of each piece it sent: by them it is found out once the truth is known.</summary>
    public Dictionary<int, byte[]> Sums { get; } = [];

    /// <summary>When it last sent a piece.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>Not to be asked before.</summary>
    public TimeSpan RestsUntil { get; set; }
}
