namespace ActorTorrent.Engine.Storage;

/// <summary>A failure of our own disk, told as a message and never blamed on a peer.</summary>
/// <param name="Operation">What was tried: open, create, read, write, flush.</param>
/// <param name="Path">The file or folder concerned.</param>
/// <param name="Reason">The system's words.</param>
/// <param name="IsFatal">True when trying again cannot help without a change by the user (read-only, no permission, a name refused).</param>
public sealed record DiskFault(string Operation, string Path, string Reason, bool IsFatal)
{
    /// <summary>What is wrong, as a closed list.</summary>
    public DiskFaultKind Kind { get; init; }

    /// <summary>The file's place among the torrent's; null when the fault is not one file's.</summary>
    public int? File { get; init; }
}
