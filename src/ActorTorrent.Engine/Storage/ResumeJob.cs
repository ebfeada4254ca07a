using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Saves resume data, whose claims were collected before; stamps are taken after them, so they are never older. Writes the blocks of
/// unfinished pieces first, so that it can name them.
/// </summary>
internal sealed class ResumeJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, FileLayout layout, IReadOnlyList<KeptPiece> unfinished, ResumeStore store,
    ResumeData data, bool syncs)
    : DiskJob(owner, isRead: false, cancelled)
{
    /// <summary>The unfinished pieces.</summary>
    public IReadOnlyList<KeptPiece> Unfinished { get; } = unfinished;

    /// <summary>Why blocks of unfinished pieces could not be written; what was saved does not name them. Null when all could.</summary>
    public DiskFault? UnfinishedFault { get; private set; }

    /// <summary>What is saved; stamps are filled in by the job.</summary>
    public ResumeData Data { get; private set; } = data;

    /// <summary>Why the state folder did not take it; null when it did, or when it was the torrent's own files that failed.</summary>
    public DiskFault? StateFault { get; private set; }

    protected override string Subject => store.PathOf(Data.InfoHash);

    protected override void Work()
    {
        WriteUnfinished();
        if (syncs)
            files.Sync();
        var isSynced = !files.IsDirty();
        var stamps = files.Stamps();
        Data = Data with { Files = stamps[..^1], Parts = stamps[^1], IsSynced = isSynced, Unfinished = [.. Unfinished.Select(piece => piece.OnDisk).OfType<UnfinishedPiece>()] };
        try
        {
            store.Save(Data);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            StateFault = DiskFaults.From("write", Subject, failure);
        }
    }

    protected override void Release()
    {
        foreach (var piece in Unfinished)
            piece.Release();
    }

    private void WriteUnfinished()
    {
        try
        {
            foreach (var piece in Unfinished)
                piece.Write(files, layout.PieceOffset(piece.Piece));
        }
        catch (DiskFaultException failure) when (failure.Fault.Kind is not (DiskFaultKind.Changed or DiskFaultKind.Vanished))
        {
            // What is verified must be saved all the same, on a full disk above all.
            UnfinishedFault = failure.Fault;
        }
    }
}
