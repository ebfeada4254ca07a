using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Session;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service;

/// <summary>
/// The engine in a .NET host: torrents that outlive the process, by <see cref="ActorTorrentServiceCollectionExtensions"/>.
/// Safe for use from several threads. What cannot be done throws a <see cref="SessionException"/>.
/// </summary>
public interface IActorTorrent
{
    /// <summary>The engine below, for what concerns no torrent of the list: its actors, its DHT node.</summary>
    TorrentEngine Engine { get; }

    /// <summary>What the host set.</summary>
    ServiceSettings Host { get; }

    /// <summary>Ends once all torrents that were kept are at work or rest as they did.</summary>
    /// <param name="stop">Gives up.</param>
    Task WhenReadyAsync(CancellationToken stop = default);

    /// <summary>Adds a torrent; ends once it is on the disk. One that is there already is answered as it is.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <returns>The torrent, and whether it was there before.</returns>
    Task<(TorrentView Torrent, bool IsDuplicate)> AddAsync(NewTorrent torrent);

    /// <summary>The torrents, by their numbers.</summary>
    Task<IReadOnlyList<TorrentView>> ListAsync();

    /// <summary>The torrents, those that went lately, and the list's revision.</summary>
    Task<SessionProtocol.Torrents> StateAsync();

    /// <summary>A torrent; null when there is none.</summary>
    /// <param name="id">Its number.</param>
    Task<TorrentView?> FindAsync(int id);

    /// <summary>A torrent; null when there is none.</summary>
    /// <param name="infoHash">Its info hash.</param>
    Task<TorrentView?> FindAsync(InfoHash infoHash);

    /// <summary>What happens in the session from now on. A reader that falls far behind loses the oldest.</summary>
    /// <param name="stop">Ends it.</param>
    IAsyncEnumerable<SessionEvent> WatchAsync(CancellationToken stop = default);

    /// <summary>The faults of peers: those that are kept, then those to come.</summary>
    /// <param name="after">Only those with a higher number.</param>
    /// <param name="stop">Ends it.</param>
    IAsyncEnumerable<NumberedFault> FaultsAsync(long after = 0, CancellationToken stop = default);

    /// <summary>The faults that are kept, the oldest first.</summary>
    /// <param name="after">Only those with a higher number.</param>
    Task<IReadOnlyList<NumberedFault>> PastFaultsAsync(long after = 0);

    /// <summary>The peers of a torrent now.</summary>
    /// <param name="torrent">The torrent.</param>
    Task<IReadOnlyList<PeerStatus>> PeersAsync(TorrentView torrent);

    /// <summary>The pieces of a torrent now; null while it is not in the engine.</summary>
    /// <param name="torrent">The torrent.</param>
    Task<PieceMap?> PiecesAsync(TorrentView torrent);

    /// <summary>The files of a torrent now; none while they are not known.</summary>
    /// <param name="torrent">The torrent.</param>
    Task<IReadOnlyList<FileStatus>> FilesAsync(TorrentView torrent);

    /// <summary>Sends a torrent's coordinator a message of <see cref="CoordinatorProtocol"/> that is not answered, such as a piece's deadline.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="message">The message.</param>
    void Tell(TorrentView torrent, object message);

    /// <summary>Lets torrents go on.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <param name="isForced">Whether they do not wait for their turn.</param>
    Task ResumeAsync(IReadOnlyList<int> ids, bool isForced = false);

    /// <summary>Stops torrents.</summary>
    /// <param name="ids">Their numbers.</param>
    Task PauseAsync(IReadOnlyList<int> ids);

    /// <summary>Hashes what torrents have on disk.</summary>
    /// <param name="ids">Their numbers.</param>
    Task VerifyAsync(IReadOnlyList<int> ids);

    /// <summary>Announces torrents as soon as trackers allow.</summary>
    /// <param name="ids">Their numbers.</param>
    Task ReannounceAsync(IReadOnlyList<int> ids);

    /// <summary>Lets torrents go.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <param name="withData">Whether their files are deleted, too.</param>
    Task RemoveAsync(IReadOnlyList<int> ids, bool withData);

    /// <summary>Changes what is wanted of torrents.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <param name="how">Makes the new settings of the old; pure.</param>
    Task SetAsync(IReadOnlyList<int> ids, Func<TorrentView, TorrentSettings> how);

    /// <summary>Has torrents' files belong into another folder.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <param name="folder">The folder, absolute.</param>
    /// <param name="movesFiles">Whether they are moved there; otherwise they are looked for there.</param>
    Task SetFolderAsync(IReadOnlyList<int> ids, string folder, bool movesFiles);

    /// <summary>Renames a file or folder of a torrent.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="path">The path in the torrent.</param>
    /// <param name="name">The new name of its last part.</param>
    Task RenameAsync(int id, string path, string name);

    /// <summary>Moves torrents in the line.</summary>
    /// <param name="ids">Their numbers.</param>
    /// <param name="move">Where to.</param>
    Task MoveInQueueAsync(IReadOnlyList<int> ids, QueueMove move);

    /// <summary>Gives a torrent a place in the line.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="position">Its place from the head, which is 0.</param>
    Task SetQueuePositionAsync(int id, int position);

    /// <summary>The session's settings.</summary>
    Task<SessionSettings> SettingsAsync();

    /// <summary>Changes the session's settings.</summary>
    /// <param name="how">Makes the new ones of the old; pure.</param>
    /// <returns>The new ones.</returns>
    Task<SessionSettings> SetSettingsAsync(Func<SessionSettings, SessionSettings> how);

    /// <summary>The session in numbers.</summary>
    Task<SessionStatistics> StatisticsAsync();
}
