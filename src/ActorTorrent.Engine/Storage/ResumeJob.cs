using ActorTorrent.Engine.Resume;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Saves resume data, whose claims were collected before; stamps are taken after them, so they are never older.</summary>
internal sealed class ResumeJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, ResumeStore store, ResumeData data, bool syncs)
    : DiskJob(owner, isRead: false, cancelled)
{
    /// <summary>What is saved; stamps are filled in by the job.</summary>
    public ResumeData Data { get; private set; } = data;

    /// <summary>Why the state folder did not take it; null when it did, or when it was the torrent's own files that failed.</summary>
    public DiskFault? StateFault { get; private set; }

    protected override string Subject => store.PathOf(Data.InfoHash);

    protected override void Work()
    {
        if (syncs)
            files.Sync();
        var isSynced = !files.IsDirty();
        var stamps = files.Stamps();
        Data = Data with { Files = stamps[..^1], Parts = stamps[^1], IsSynced = isSynced };
        try
        {
            store.Save(Data);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            StateFault = DiskFaults.From("write", Subject, failure);
        }
    }
}
