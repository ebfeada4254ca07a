using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Takes the files to another folder.</summary>
internal sealed class MoveJob(IActorRef owner, CancellationToken cancelled, TorrentFiles files, string target, bool copies, long total)
    : DiskJob(owner, isRead: false, cancelled)
{
    private const int Steps = 100;

    private readonly CancellationToken _cancelled = cancelled;

    /// <summary>The files that are of no more use once resume data names the new ones.</summary>
    public IReadOnlyList<string> Old { get; private set; } = [];

    protected override string Subject => target;

    protected override void Work()
    {
        var told = 0L;
        var move = new FilesMove(
            files,
            target,
            copied =>
            {
                if (copied - told < total / Steps)
                    return;
                told = copied;
                Owner.Tell(new StorageProtocol.MoveProgress(copied, total), ActorRefs.NoSender);
            },
            _cancelled);
        if (copies)
            Old = move.Copy();
        else
            move.Rename();
    }
}
