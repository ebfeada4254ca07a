using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Coordination;

/// <summary>What all torrents and connections of an engine may hold in memory together, by purpose.</summary>
/// <param name="options">The bounds.</param>
public sealed class EngineBudgets(BudgetOptions options)
{
    /// <summary>Pieces that are being put together: spent, none is begun but by a torrent that has none.</summary>
    public ByteBudget Pieces { get; } = new(options.PieceBytes);

    /// <summary>
    /// What was received and not dealt with, most of it in mailboxes: spent, sockets are read in small steps, and long messages wait in them.
    /// </summary>
    public ByteBudget Receive { get; } = new(options.ReceiveBytes);

    /// <summary>What waits to be sent: spent, a peer gets a read at a time, and who does not read what else it is told is let go.</summary>
    public ByteBudget Send { get; } = new(options.SendBytes);

    /// <summary>Metadata that is being put together: spent, no copy is begun, and one that has had its turn makes room.</summary>
    public ByteBudget Metadata { get; } = new(options.MetadataBytes);

    /// <summary>Fault journals: spent, a torrent forgets its oldest entries sooner.</summary>
    public ByteBudget Journals { get; } = new(options.JournalBytes);

    /// <summary>Peer directories: spent, a torrent takes a new address only in place of a worse one.</summary>
    public ByteBudget Directories { get; } = new(options.DirectoryBytes);
}
