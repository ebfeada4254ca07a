namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.budgets</c> section of the HOCON files sets: bytes that all torrents and connections hold together.</summary>
public sealed record BudgetOptions
{
    /// <summary>Pieces that are being put together.</summary>
    public long PieceBytes { get; init; } = 1L << 30;

    /// <summary>What was received and not dealt with.</summary>
    public long ReceiveBytes { get; init; } = 256L << 20;

    /// <summary>What waits to be sent.</summary>
    public long SendBytes { get; init; } = 256L << 20;

    /// <summary>Metadata of magnet links that is being put together.</summary>
    public long MetadataBytes { get; init; } = 128L << 20;

    /// <summary>Fault journals.</summary>
    public long JournalBytes { get; init; } = 64L << 20;

    /// <summary>Peer directories.</summary>
    public long DirectoryBytes { get; init; } = 64L << 20;
}
