using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Finds out at the start what resume data says, where the files are, and which pieces need no look. Ends a move that the end of the
/// program broke off.
/// </summary>
internal sealed class OpenJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, FileLayout layout, InfoHash infoHash, ResumeStore? store, string origin,
    bool keepsPriorities, PieceBufferPool pool)
    : DiskJob(owner, isRead: false, cancelled)
{
    private readonly List<PieceBuffer> _restored = [];

    /// <summary>Unfinished pieces as far as they lie on disk. Whoever gets the job back owns them.</summary>
    public IReadOnlyList<PieceBuffer> Restored => _restored;

    /// <summary>The resume data that was used, or at least read; null when there is none for these files.</summary>
    public ResumeData? Resume { get; private set; }

    /// <summary>Which pieces to trust; null when all have to be looked at.</summary>
    public ResumeVerdict? Verdict { get; private set; }

    /// <summary>Why there is resume data that is not used; null when it is used or there is none.</summary>
    public string? Rejection { get; private set; }

    protected override string Subject => origin;

    protected override void Work()
    {
        Load();
        if (Resume is { } resume)
        {
            if (resume.MovingTo is { } target)
                Resume = resume = FinishMove(resume, target);
            if (!ResumeCheck.IsSame(resume.Folder, files.OutputFolder))
                files.SwitchTo(resume.Folder);
            if (resume.CopyingTo is { } broken)
                FilesMove.RemoveTwins(files, broken);
            if (resume.CopiedFrom is { } left)
                FilesMove.RemoveTwins(files, left);
            // Before files are made of what the side file holds: not of those that are not wanted.
            if (keepsPriorities && resume.State.Priorities.Length == layout.Files.Count)
                files.Want(new WantedFiles(layout, Wanted(resume.State.Priorities.Span)));
        }
        files.Rescan();
        files.AdoptParts(Resume is { } known && known.Have.Count == layout.PieceCount ? known.Have : null);
        if (Resume is not null)
            Judge(Resume);
        // Of what is only found, nobody knows whether it was forced to the disk.
        if (Verdict is null || Resume is not { IsSynced: true })
            files.MarkDirty();
        if (Verdict is { } verdict)
            Restore(Resume!.Unfinished, verdict);
    }

    /// <summary>
    /// Reads what there is of unfinished pieces. They are looked at as a whole, too: since resume data was saved they may have been finished.
    /// </summary>
    private void Restore(IReadOnlyList<UnfinishedPiece> unfinished, ResumeVerdict verdict)
    {
        var block = new byte[FileLayout.BlockLength];
        foreach (var (piece, blocks) in unfinished)
        {
            if ((uint)piece.Value >= (uint)layout.PieceCount || blocks.Count != layout.BlockCount(piece) || verdict.Trusted[piece])
                continue;
            verdict.Suspect.Set(piece);
            var buffer = pool.Rent(piece, layout.PieceSize(piece));
            _restored.Add(buffer);
            // The last missing block has to come from a peer: it is what asks for the verdict.
            foreach (var index in blocks.Take(blocks.Count - 1).Select(index => index.Value))
                Restore(buffer, index, block.AsSpan(0, layout.BlockSize(piece, index)));
            buffer.Keep(buffer.Filled());
        }
    }

    private void Restore(PieceBuffer buffer, int index, Span<byte> block)
    {
        var start = index * FileLayout.BlockLength;
        try
        {
            if (files.TryRead(layout.PieceOffset(buffer.Piece) + start, block))
                buffer.TryStore(start, block, PieceBuffer.Unknown);
        }
        catch (DiskFaultException)
        {
            // It is fetched again; that the disk fails shows in what is claimed.
        }
    }

    private static HashSet<int> Wanted(ReadOnlySpan<byte> priorities)
    {
        var wanted = new HashSet<int>();
        for (var file = 0; file < priorities.Length; file++)
        {
            if (priorities[file] > 0)
                wanted.Add(file);
        }
        return wanted;
    }

    private void Load()
    {
        try
        {
            if (store?.Load(infoHash) is not { } data)
                return;
            // Moved files are followed; files that the user names in another folder are other files.
            if (ResumeCheck.IsSame(data.Origin, origin) || ResumeCheck.IsSame(data.Folder, origin))
                Resume = data;
        }
        catch (ResumeFormatException failure)
        {
            Rejection = failure.Message;
        }
    }

    private ResumeData FinishMove(ResumeData resume, string target)
    {
        files.SwitchTo(resume.Folder);
        new FilesMove(files, target, _ => { }, CancellationToken.None).Rename();
        return resume with { Folder = target, MovingTo = null };
    }

    private void Judge(ResumeData resume)
    {
        var stamps = files.Stamps();
        Verdict = ResumeCheck.Judge(
            resume, layout, files.OutputFolder, BootId.Current, stamps[..^1], stamps[^1], file => files.Wanted.Contains(file));
        if (Verdict is null)
        {
            Rejection = "It does not fit the torrent.";
            return;
        }
        files.Know(stamps);
    }
}
