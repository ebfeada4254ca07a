namespace ActorTorrent.Engine.Storage;

/// <summary>A full piece on its way to the disk. Belongs to the job that has it, then to its storage again.</summary>
/// <param name="buffer">Its bytes.</param>
/// <param name="contributors">Who sent them.</param>
internal sealed class PendingPiece(PieceBuffer buffer, IReadOnlyCollection<int> contributors)
{
    public PieceBuffer Buffer { get; } = buffer;

    public IReadOnlyCollection<int> Contributors { get; } = contributors;

    /// <summary>Whether it matches its hash; null as long as nobody looked.</summary>
    public bool? IsGood { get; set; }

    /// <summary>Whether the job that has it may write it, too.</summary>
    public bool MayBeWritten { get; set; }

    /// <summary>Whether it lies on disk.</summary>
    public bool IsWritten { get; set; }

    /// <summary>Why it could not be written; null when it was, or nobody tried.</summary>
    public DiskFault? Fault { get; set; }
}
