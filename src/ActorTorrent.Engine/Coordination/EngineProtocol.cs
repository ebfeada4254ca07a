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
