using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>What others ask of the <see cref="SessionActor"/>. Whatever cannot be done is answered by <see cref="Refused"/>.</summary>
public static class SessionProtocol
{
    /// <summary>Anyone → session: add a torrent. Answered by <see cref="Added"/> once it is kept and the engine has it.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record Add(NewTorrent Torrent);

    /// <summary>Session → asker: it is there.</summary>
    /// <param name="Torrent">The torrent.</param>
    /// <param name="IsDuplicate">Whether it was there before.</param>
    public sealed record Added(TorrentView Torrent, bool IsDuplicate);

    /// <summary>Session → asker: it cannot be done.</summary>
    /// <param name="Kind">Why.</param>
    /// <param name="Reason">Why, in a sentence.</param>
    public sealed record Refused(SessionErrorKind Kind, string Reason);

    /// <summary>Session → asker: it is done, and kept.</summary>
    public sealed record Done
    {
        /// <summary>The one instance.</summary>
        public static readonly Done Instance = new();
    }

    /// <summary>Anyone → session: which torrents are there? Answered by <see cref="Torrents"/>.</summary>
    public sealed record GetTorrents
    {
        /// <summary>The one instance.</summary>
        public static readonly GetTorrents Instance = new();
    }

    /// <summary>Session → asker: the torrents.</summary>
    /// <param name="All">By their numbers.</param>
    /// <param name="Removed">Those that went lately.</param>
    /// <param name="Revision">Rises with every change of any torrent.</param>
    public sealed record Torrents(IReadOnlyList<TorrentView> All, IReadOnlyList<RemovedTorrent> Removed, long Revision);

    /// <summary>A torrent that went.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="InfoHash">Its info hash.</param>
    /// <param name="At">When.</param>
    public sealed record RemovedTorrent(int Id, InfoHash InfoHash, DateTimeOffset At);

    /// <summary>Anyone → session: let torrents go on. Answered by <see cref="Done"/>.</summary>
    /// <param name="Ids">Their numbers.</param>
    /// <param name="IsForced">Whether they do not wait for their turn.</param>
    public sealed record Resume(IReadOnlyList<int> Ids, bool IsForced = false);

    /// <summary>Anyone → session: stop torrents. Answered by <see cref="Done"/>.</summary>
    /// <param name="Ids">Their numbers.</param>
    public sealed record Pause(IReadOnlyList<int> Ids);

    /// <summary>Anyone → session: hash what torrents have on disk. Answered by <see cref="Done"/>.</summary>
    /// <param name="Ids">Their numbers.</param>
    public sealed record Verify(IReadOnlyList<int> Ids);

    /// <summary>Anyone → session: announce torrents as soon as trackers allow. Answered by <see cref="Done"/>.</summary>
    /// <param name="Ids">Their numbers.</param>
    public sealed record Reannounce(IReadOnlyList<int> Ids);

    /// <summary>Anyone → session: let torrents go. Answered by <see cref="Done"/> once they are gone.</summary>
    /// <param name="Ids">Their numbers.</param>
    /// <param name="WithData">Whether their files are deleted, too.</param>
    public sealed record Remove(IReadOnlyList<int> Ids, bool WithData);

    /// <summary>Anyone → session: change what is wanted of torrents. Answered by <see cref="Done"/>.</summary>
    /// <param name="Ids">Their numbers.</param>
    /// <param name="How">Makes the new settings of the old; pure. May throw a <see cref="SessionException"/>: then nothing changes.</param>
    public sealed record Change(IReadOnlyList<int> Ids, Func<TorrentView, TorrentSettings> How);

    /// <summary>Anyone → session: torrents' files belong into another folder. Answered by <see cref="Done"/> when that is under way.</summary>
    /// <param name="Ids">Their numbers.</param>
    /// <param name="Folder">The folder, absolute.</param>
    /// <param name="MovesFiles">Whether they are moved there; otherwise they are looked for there.</param>
    public sealed record SetFolder(IReadOnlyList<int> Ids, string Folder, bool MovesFiles);

    /// <summary>Anyone → session: rename a file or folder of a torrent. Answered by <see cref="Done"/>.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Path">The path in the torrent.</param>
    /// <param name="Name">The new name of its last part.</param>
    public sealed record Rename(int Id, string Path, string Name);

    /// <summary>Anyone → session: move torrents in the line. Answered by <see cref="Done"/>.</summary>
    /// <param name="Ids">Their numbers.</param>
    /// <param name="Move">Where to.</param>
    public sealed record MoveInQueue(IReadOnlyList<int> Ids, QueueMove Move);

    /// <summary>Anyone → session: give a torrent a place in the line. Answered by <see cref="Done"/>.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Position">Its place from the head, which is 0.</param>
    public sealed record SetQueuePosition(int Id, int Position);

    /// <summary>Anyone → session: the session's settings? Answered by <see cref="SessionSettings"/>.</summary>
    public sealed record GetSettings
    {
        /// <summary>The one instance.</summary>
        public static readonly GetSettings Instance = new();
    }

    /// <summary>Anyone → session: change the session's settings. Answered by the new <see cref="SessionSettings"/>.</summary>
    /// <param name="How">Makes the new settings of the old; pure. May throw a <see cref="SessionException"/>: then nothing changes.</param>
    public sealed record ChangeSettings(Func<SessionSettings, SessionSettings> How);

    /// <summary>Anyone → session: the numbers? Answered by <see cref="SessionStatistics"/>.</summary>
    public sealed record GetStatistics
    {
        /// <summary>The one instance.</summary>
        public static readonly GetStatistics Instance = new();
    }

    /// <summary>Anyone → session: which faults were there? Answered by <see cref="Faults"/>.</summary>
    /// <param name="After">Only those with a higher number.</param>
    public sealed record GetFaults(long After);

    /// <summary>Session → asker: the faults that are kept.</summary>
    /// <param name="Entries">The oldest first.</param>
    public sealed record Faults(IReadOnlyList<NumberedFault> Entries);

    /// <summary>Anyone → session: answer with <see cref="Done"/> once all torrents that were kept are in the engine.</summary>
    public sealed record WhenReady
    {
        /// <summary>The one instance.</summary>
        public static readonly WhenReady Instance = new();
    }

    /// <summary>Host → session: keep what is to be kept and stop the engine's torrents cleanly. Answered by <see cref="Done"/>.</summary>
    public sealed record Stop
    {
        /// <summary>The one instance.</summary>
        public static readonly Stop Instance = new();
    }
}
