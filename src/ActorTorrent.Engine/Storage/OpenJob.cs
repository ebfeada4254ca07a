using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Finds out at the start what resume data says, where the files are, and which pieces need no look. Ends a move that the end of the
/// program broke off.
/// </summary>
internal sealed class OpenJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, FileLayout layout, InfoHash infoHash, ResumeStore? store, string origin)
    : DiskJob(owner, isRead: false, cancelled)
{
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
        }
        files.Rescan();
        files.AdoptParts(Resume is { } known && known.Have.Count == layout.PieceCount ? known.Have : null);
        if (Resume is not null)
            Judge(Resume);
        // Of what is only found, nobody knows whether it was forced to the disk.
        if (Verdict is null || Resume is not { IsSynced: true })
            files.MarkDirty();
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
