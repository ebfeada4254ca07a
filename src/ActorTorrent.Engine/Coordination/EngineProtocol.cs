using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <summary>What others ask of the <see cref="EngineActor"/>.</summary>
public static class EngineProtocol
{
    /// <summary>Anyone → engine: take in a torrent. Answered by <see cref="TorrentAdded"/> or <see cref="Refused"/>.</summary>
    /// <param name="Spec">The torrent.</param>
    public sealed record AddTorrent(TorrentSpec Spec);

    /// <summary>Engine → asker: the torrent is under way.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Coordinator">Its coordinator.</param>
    /// <param name="ListenPort">The port that peers can dial.</param>
    public sealed record TorrentAdded(InfoHash InfoHash, IActorRef Coordinator, int ListenPort);

    /// <summary>Engine → asker: it cannot be done.</summary>
    /// <param name="Reason">Why, in a sentence.</param>
    public sealed record Refused(string Reason);

    /// <summary>Anyone → engine: stop a torrent until <see cref="ResumeTorrent"/>. Answered by <see cref="Done"/> or <see cref="Refused"/>.</summary>
    /// <param name="InfoHash">The torrent.</param>
    public sealed record PauseTorrent(InfoHash InfoHash);

    /// <summary>Anyone → engine: let a torrent go on, in its turn. Answered by <see cref="Done"/> or <see cref="Refused"/>.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="IsForced">Whether it does not wait for its turn, and takes no other's.</param>
    public sealed record ResumeTorrent(InfoHash InfoHash, bool IsForced = false);

    /// <summary>
    /// Anyone → engine: stop a torrent cleanly and forget it; its resume data stays for when it is taken in again. Answered by
    /// <see cref="Done"/> once it is gone, or <see cref="Refused"/>.
    /// </summary>
    /// <param name="InfoHash">The torrent.</param>
    public sealed record UnloadTorrent(InfoHash InfoHash);

    /// <summary>Anyone → engine: give a torrent another place in the line. Answered by <see cref="Done"/> or <see cref="Refused"/>.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Position">Its place from the head, which is 0.</param>
    public sealed record MoveInQueue(InfoHash InfoHash, int Position);

    /// <summary>
    /// Anyone → engine: from now on so many torrents are at work at once, and those that have no goals of their own are seeded so long.
    /// Answered by <see cref="Done"/>.
    /// </summary>
    /// <param name="Options">The numbers.</param>
    public sealed record SetQueue(QueueOptions Options);

    /// <summary>Anyone → engine: how long a torrent is to be seeded. Answered by <see cref="Done"/> or <see cref="Refused"/>.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Ratio">Bytes to send for each byte of the torrent, 0 for no limit; null for what holds for all.</param>
    /// <param name="Time">Time to seed, zero for no limit; null for what holds for all.</param>
    public sealed record SetSeedingGoal(InfoHash InfoHash, double? Ratio, TimeSpan? Time);

    /// <summary>Anyone → engine: let a torrent go. Answered by <see cref="Done"/> once it is gone, or <see cref="Refused"/>.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="WithData">Whether its files are deleted, too.</param>
    public sealed record RemoveTorrent(InfoHash InfoHash, bool WithData);

    /// <summary>Anyone → engine: which torrents are there? Answered by <see cref="Torrents"/>.</summary>
    public sealed record GetTorrents
    {
        /// <summary>The one instance.</summary>
        public static readonly GetTorrents Instance = new();
    }

    /// <summary>Engine → asker: the torrents, in the order of the line.</summary>
    /// <param name="InOrder">Each with its coordinator.</param>
    public sealed record Torrents(IReadOnlyList<TorrentAdded> InOrder);

    /// <summary>Engine → asker: it is done.</summary>
    public sealed record Done
    {
        /// <summary>The one instance.</summary>
        public static readonly Done Instance = new();
    }

    /// <summary>Coordinator → engine: what is on disk is known.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Need">What it would do in its turn.</param>
    /// <param name="IsPaused">Whether it is to start stopped.</param>
    internal sealed record TorrentReady(InfoHash InfoHash, TorrentNeed Need, bool IsPaused);

    /// <summary>Coordinator → engine: the torrent would do something else in its turn from now on.</summary>
    /// <param name="InfoHash">The torrent.</param>
    /// <param name="Need">What it would do.</param>
    internal sealed record NeedChanged(InfoHash InfoHash, TorrentNeed Need);

    /// <summary>Listener → engine: who coordinates this torrent? Answered by <see cref="Route"/>.</summary>
    /// <param name="InfoHash">The torrent.</param>
    public sealed record FindTorrent(InfoHash InfoHash);

    /// <summary>Engine → listener: the answer.</summary>
    /// <param name="Coordinator">The coordinator; null when there is no such torrent.</param>
    public sealed record Route(IActorRef? Coordinator);

    /// <summary>Anyone → engine: stop every torrent cleanly. Answered by <see cref="Stopped"/>.</summary>
    public sealed record Stop
    {
        /// <summary>The one instance.</summary>
        public static readonly Stop Instance = new();
    }

    /// <summary>Engine → asker: all torrents have stopped.</summary>
    public sealed record Stopped
    {
        /// <summary>The one instance.</summary>
        public static readonly Stopped Instance = new();
    }

    /// <summary>Coordinator → engine: which disk actor runs the volume of a folder? Answered by <see cref="DiskFound"/>.</summary>
    /// <param name="Folder">The folder, absolute.</param>
    /// <param name="IsForMove">Handed back.</param>
    internal sealed record FindDisk(string Folder, bool IsForMove);

    /// <summary>Engine → coordinator: the answer.</summary>
    /// <param name="Folder">The folder.</param>
    /// <param name="Disk">Its disk actor.</param>
    /// <param name="IsForMove">As asked.</param>
    internal sealed record DiskFound(string Folder, IActorRef Disk, bool IsForMove);

    /// <summary>Listener → engine: the socket is bound.</summary>
    /// <param name="Port">Its port.</param>
    internal sealed record Listening(int Port);

    /// <summary>Listener → engine: no socket could be bound.</summary>
    /// <param name="Reason">The system's words.</param>
    internal sealed record ListenFailed(string Reason);
}
