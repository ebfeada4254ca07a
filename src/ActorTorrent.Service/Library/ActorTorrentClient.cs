using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Session;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Hosting;

namespace ActorTorrent.Service;

/// <summary>The <see cref="SessionActor"/> as seen from outside the actor system.</summary>
internal sealed class ActorTorrentClient(
    ActorSystem system, IRequiredActor<SessionActor> session, IRequiredActor<EngineActor> engine, ServiceSettings host, SessionContext context, Blocklist blocklist) : IActorTorrent
{
    private const int HeldEvents = 16_384;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NameTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(5);

    public TorrentEngine Engine => field ??= new TorrentEngine(system, engine.ActorRef);

    public ServiceSettings Host => host;

    public async Task WhenReadyAsync(CancellationToken stop = default)
    {
        var actor = await session.GetAsync(stop).ConfigureAwait(false);
        await actor.Ask<SessionProtocol.Done>(SessionProtocol.WhenReady.Instance, Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false);
    }

    public async Task<(TorrentView Torrent, bool IsDuplicate)> AddAsync(NewTorrent torrent)
    {
        if (torrent.Magnet is { Peers.Count: > 0 } magnet)
            torrent = torrent with { Peers = [.. torrent.Peers, .. await ResolveAsync(magnet).ConfigureAwait(false)] };
        var added = await AskAsync<SessionProtocol.Added>(new SessionProtocol.Add(torrent)).ConfigureAwait(false);
        return (added.Torrent, added.IsDuplicate);
    }

    public async Task<IReadOnlyList<TorrentView>> ListAsync() => (await StateAsync().ConfigureAwait(false)).All;

    public Task<SessionProtocol.Torrents> StateAsync() => context.Board.Torrents is { } torrents
        ? Task.FromResult(torrents)
        : AskAsync<SessionProtocol.Torrents>(SessionProtocol.GetTorrents.Instance);

    public async Task<TorrentView?> FindAsync(int id)
    {
        var all = (await StateAsync().ConfigureAwait(false)).All;
        var (from, to) = (0, all.Count - 1);
        while (from <= to)
        {
            var middle = (from + to) / 2;
            switch (all[middle].Id.CompareTo(id))
            {
                case < 0:
                    from = middle + 1;
                    break;
                case > 0:
                    to = middle - 1;
                    break;
                default:
                    return all[middle];
            }
        }
        return null;
    }

    public async Task<TorrentView?> FindAsync(InfoHash infoHash) =>
        (await ListAsync().ConfigureAwait(false)).FirstOrDefault(torrent => torrent.InfoHash == infoHash);

    public async IAsyncEnumerable<SessionEvent> WatchAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        var (feed, reader) = await SubscribeAsync().ConfigureAwait(false);
        try
        {
            await foreach (var what in reader.ReadAllAsync(stop).ConfigureAwait(false))
                yield return what;
        }
        finally
        {
            system.Stop(feed);
        }
    }

    public async IAsyncEnumerable<NumberedFault> FaultsAsync(long after = 0, [EnumeratorCancellation] CancellationToken stop = default)
    {
        // Subscribed first: what comes meanwhile is in both, and told once.
        var (feed, reader) = await SubscribeAsync().ConfigureAwait(false);
        try
        {
            foreach (var fault in await PastFaultsAsync(after).ConfigureAwait(false))
            {
                after = fault.Number;
                yield return fault;
            }
            await foreach (var what in reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                if (what is SessionEvent.Faulted { Fault: var fault } && fault.Number > after)
                    yield return fault;
            }
        }
        finally
        {
            system.Stop(feed);
        }
    }

    public async Task<IReadOnlyList<NumberedFault>> PastFaultsAsync(long after = 0)
    {
        var all = context.Board.Faults ?? (await AskAsync<SessionProtocol.Faults>(new SessionProtocol.GetFaults(0)).ConfigureAwait(false)).Entries;
        // Numbered without gaps.
        var known = all.Count == 0 ? 0 : (int)Math.Clamp(after - all[0].Number + 1, 0, all.Count);
        return known == 0 ? all : [.. all.Skip(known)];
    }

    public async Task<IReadOnlyList<PeerStatus>> PeersAsync(TorrentView torrent) =>
        torrent.Route is { } route ? await AskTorrentAsync(() => TorrentEngine.PeersAsync(route), []).ConfigureAwait(false) : [];

    public async Task<PieceMap?> PiecesAsync(TorrentView torrent) =>
        torrent.Route is { } route ? await AskTorrentAsync<PieceMap?>(async () => await TorrentEngine.PiecesAsync(route).ConfigureAwait(false), gone: null).ConfigureAwait(false) : null;

    public async Task<IReadOnlyList<FileStatus>> FilesAsync(TorrentView torrent) =>
        torrent.Route is { } route ? await AskTorrentAsync(() => TorrentEngine.FilesAsync(route), []).ConfigureAwait(false) : [];

    public void Tell(TorrentView torrent, object message) => torrent.Route?.Coordinator.Tell(message, ActorRefs.NoSender);

    public Task ResumeAsync(IReadOnlyList<int> ids, bool isForced = false) => DoAsync(new SessionProtocol.Resume(ids, isForced));

    public Task PauseAsync(IReadOnlyList<int> ids) => DoAsync(new SessionProtocol.Pause(ids));

    public Task VerifyAsync(IReadOnlyList<int> ids) => DoAsync(new SessionProtocol.Verify(ids));

    public Task ReannounceAsync(IReadOnlyList<int> ids) => DoAsync(new SessionProtocol.Reannounce(ids));

    public Task RemoveAsync(IReadOnlyList<int> ids, bool withData) => DoAsync(new SessionProtocol.Remove(ids, withData));

    public Task SetAsync(IReadOnlyList<int> ids, Func<TorrentView, TorrentSettings> how) => DoAsync(new SessionProtocol.Change(ids, how));

    public Task SetFolderAsync(IReadOnlyList<int> ids, string folder, bool movesFiles) =>
        DoAsync(new SessionProtocol.SetFolder(ids, folder, movesFiles));

    public Task RenameAsync(int id, string path, string name) => DoAsync(new SessionProtocol.Rename(id, path, name));

    public Task MoveInQueueAsync(IReadOnlyList<int> ids, QueueMove move) => DoAsync(new SessionProtocol.MoveInQueue(ids, move));

    public Task SetQueuePositionAsync(int id, int position) => DoAsync(new SessionProtocol.SetQueuePosition(id, position));

    public Task<SessionSettings> SettingsAsync() => context.Board.Settings is { } settings
        ? Task.FromResult(settings)
        : AskAsync<SessionSettings>(SessionProtocol.GetSettings.Instance);

    public async Task<SessionSettings> SetSettingsAsync(Func<SessionSettings, SessionSettings> how)
    {
        var settings = await AskAsync<SessionSettings>(new SessionProtocol.ChangeSettings(how)).ConfigureAwait(false);
        blocklist.IsOn = settings.IsBlocklistOn;
        return settings;
    }

    public Task<SessionStatistics> StatisticsAsync() => AskAsync<SessionStatistics>(SessionProtocol.GetStatistics.Instance);

    /// <summary>The peers that a magnet link names; one whose name leads nowhere is left out.</summary>
    private static async Task<List<IPEndPoint>> ResolveAsync(MagnetLink magnet)
    {
        using var patience = new CancellationTokenSource(NameTimeout);
        var found = new List<IPEndPoint>();
        foreach (var peer in magnet.Peers)
        {
            try
            {
                foreach (var address in await Dns.GetHostAddressesAsync(peer.Host, patience.Token).ConfigureAwait(false))
                    found.Add(new IPEndPoint(address, peer.Port));
            }
            catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException)
            {
                // The others may do.
            }
        }
        return found;
    }

    /// <summary>A torrent may go, or be out of the engine for a moment, while it is asked.</summary>
    private static async Task<T> AskTorrentAsync<T>(Func<Task<T>> ask, T gone)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return gone;
        }
    }

    private async Task<(IActorRef Feed, ChannelReader<SessionEvent> Reader)> SubscribeAsync()
    {
        var channel = Channel.CreateBounded<SessionEvent>(new BoundedChannelOptions(HeldEvents)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        });
        var feed = system.ActorOf(SessionFeedActor.Props(channel.Writer));
        // An answer to Identify shows that the feed has started, and so has subscribed.
        await feed.Ask<ActorIdentity>(new Identify(nameof(SubscribeAsync)), TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        return (feed, channel.Reader);
    }

    private async Task DoAsync(object command) => await AskAsync<SessionProtocol.Done>(command).ConfigureAwait(false);

    private async Task<T> AskAsync<T>(object message)
    {
        var timeout = message is SessionProtocol.Remove or SessionProtocol.Rename ? LongTimeout : AnswerTimeout;
        return await session.ActorRef.Ask<object>(message, timeout).ConfigureAwait(false) switch
        {
            T answer => answer,
            SessionProtocol.Refused refused => throw new SessionException(refused.Kind, refused.Reason),
            var other => throw new InvalidOperationException($"The session answered {other}."),
        };
    }
}
