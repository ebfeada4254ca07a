using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Rare work on a torrent's files as a whole; hot work has jobs of its own.</summary>
internal sealed class FilesJob(IActorRef owner, CancellationToken cancelled, TorrentFiles files, FilesJob.Kind task, Action<TorrentFiles> work)
    : DiskJob(owner, isRead: false, cancelled)
{
    /// <summary>What the job is for.</summary>
    internal enum Kind
    {
        /// <summary>Look anew at what is there, before a check.</summary>
        Rescan,

        /// <summary>Finish the files after the last piece.</summary>
        Complete,

        /// <summary>Try again what could not be read.</summary>
        Probe,

        /// <summary>Close the files.</summary>
        Close,

        /// <summary>Change which files are wanted.</summary>
        Select,

        /// <summary>Delete the torrent's files and its resume data.</summary>
        Delete,

        /// <summary>Remove files that were copied elsewhere.</summary>
        Remove,
    }

    public Kind Task => task;

    protected override string Subject => "the torrent's files";

    protected override void Work() => work(files);
}
