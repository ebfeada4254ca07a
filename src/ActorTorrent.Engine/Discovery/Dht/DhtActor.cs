using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// Our place in the DHT (BEP 5, BEP 32): owns the UDP sockets, one a family, on the listener's port where that can be had; answers others;
/// and looks for the peers of the torrents that it is told to follow, by one short-lived <see cref="DhtLookupActor"/> a lookup. It reads one
/// datagram at a time: a flood waits, and is lost, in the system's buffer.
/// </summary>
internal sealed class DhtActor : ObservedReceiveActor, IWithTimers, IWithStash, IDhtOutlet
{
    private const int MostStarts = 32;

    private readonly EngineContext _context;
    private readonly DhtOptions _options;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<DhtSide> _sides = [];
    private readonly Dictionary<InfoHash, FollowedTorrent> _followed = [];
    private readonly Dictionary<IActorRef, (DhtSide Side, FollowedTorrent? Torrent, bool IsBootstrap)> _lookups = [];
    private readonly byte[] _sending = new byte[KrpcMessage.MaxLength];
    private readonly Random _random;
    private int _port;
    private long _lookupCount;
    private TimeSpan _savedAt;
    private bool _isSaving;

    public DhtActor(EngineContext context)
    {
        _context = context;
        _options = context.Options.Dht;
        _random = context.NextRandom();
        Become(Starting);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Dht;

    private TimeSpan Now => _context.Now;

    private string? StateFile => _context.Resume is { } store ? Path.Join(store.Folder, SavedNodesFile.Name) : null;

    public static Props Props(EngineContext context) => Akka.Actor.Props.Create(() => new DhtActor(context));

    public void Send(KrpcMessage message, IPEndPoint to)
    {
        if (SideOf(to.AddressFamily) is not { } side)
            return;
        try
        {
            side.Socket.SendTo(_sending.AsSpan(0, KrpcWriter.Write(message, _sending)), SocketFlags.None, to);
        }
        catch (SocketException e)
        {
            // As good as lost on the way: who waits for an answer notices.
            _log.Debug("Nothing can be sent to {0}: {1}", to, e.Message);
        }
    }

    public void Refresh(DhtNode node, NodeId target)
    {
        if (_lookups.Count < _options.MaxLookups && SideOf(node.Family) is { } side)
            LookUp(side, KrpcMessage.FindNode(node.Id, target), [], [], announcePort: 0, torrent: null, isBootstrap: false);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        exception =>
        {
            _log.Error(exception, "A lookup failed");
            return Directive.Stop;
        });

    protected override void PreStart()
    {
        Bind();
        Context.Parent.Tell(new DhtProtocol.Ready(_port));
        if (StateFile is { } file)
            Task.Run(() => SavedNodesFile.Load(file)).PipeTo(Self, success: saved => new Loaded(saved, null), failure: e => new Loaded(null, e));
        else
            Self.Tell(new Loaded(null, null));
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Coordinators say it once only.
        foreach (var torrent in _followed.Values)
            Self.Tell(new DiscoveryProtocol.Follow(torrent.InfoHash), torrent.Coordinator);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        foreach (var side in _sides)
            side.Dispose();
        // The last act, and a small file.
        if (!_isSaving && StateFile is { } file && ToSave() is { } saved && Save(file, saved) is { } failure)
            _log.Warning("The DHT's nodes are not saved: {0}", failure.Message);
    }

    private void Starting()
    {
        Receive<Loaded>(loaded =>
        {
            if (loaded.Failure is { } failure)
                _log.Warning("The saved DHT nodes cannot be used: {0}", failure.Message);
            Begin(loaded.Saved ?? new SavedNodes());
            Become(Running);
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    private void Running()
    {
        Receive<Datagram>(OnDatagram);
        Receive<DhtProtocol.Ask>(OnAsk);
        Receive<DhtProtocol.Found>(OnFound);
        Receive<DhtProtocol.Ended>(ended => OnEnded(ended.Lookup, ended.Answers));
        Receive<LookupStopped>(stopped => OnEnded(stopped.Lookup, answers: 0));
        Receive<Tick>(_ => OnTick());
        Receive<DiscoveryProtocol.Follow>(Follow);
        Receive<DiscoveryProtocol.Unfollow>(unfollow => Unfollow(unfollow.InfoHash, Sender));
        Receive<FollowerEnded>(ended => Unfollow(ended.InfoHash, ended.Follower));
        Receive<DhtProtocol.NodeHint>(hint => SideOf(hint.EndPoint.AddressFamily)?.Node?.Verify(hint.EndPoint, expected: null, Now));
        Receive<Resolved>(OnResolved);
        Receive<Saved>(saved =>
        {
            _isSaving = false;
            if (saved.Failure is { } failure)
                _log.Warning("The DHT's nodes are not saved: {0}", failure.Message);
        });
        Receive<ReceiveFailed>(failed =>
        {
            // One of the instance before a restart was closed with it.
            if (_sides.Contains(failed.Side))
                throw failed.Reason;
        });
        Receive<DhtProtocol.GetStatus>(_ => Sender.Tell(Status()));
    }

    private DhtSide? SideOf(AddressFamily family) => _sides.Find(side => side.Family == family);

    private void Bind()
    {
        var own = _context.Options.Bind;
        try
        {
            _sides.Add(BindFirst(own.Uses(AddressFamily.InterNetwork) ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6));
        }
        catch (SocketException e)
        {
            _log.Warning("There is no DHT: no UDP port is to be had: {0}", e.Message);
            return;
        }
        _port = ((IPEndPoint)_sides[0].Socket.LocalEndPoint!).Port;
        if (!Socket.OSSupportsIPv6 || !own.Uses(AddressFamily.InterNetworkV6) || _sides[0].Family == AddressFamily.InterNetworkV6)
            return;
        try
        {
            _sides.Add(Bind(AddressFamily.InterNetworkV6, _port));
        }
        catch (SocketException e)
        {
            _log.Warning("There is no DHT over IPv6: UDP port {0} is not to be had: {1}", _port, e.Message);
        }
    }

    private DhtSide BindFirst(AddressFamily family)
    {
        // After a restart it must stay what nodes and peers know.
        var wanted = _context.DhtPort != 0 ? _context.DhtPort : _context.ListenPort;
        try
        {
            return Bind(family, wanted);
        }
        catch (SocketException e) when (wanted != 0)
        {
            _log.Info("UDP port {0} is not to be had ({1}); the DHT takes another one", wanted, e.Message);
            return Bind(family, 0);
        }
    }

    private DhtSide Bind(AddressFamily family, int port)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(_context.Options.Bind.AddressOf(family), port));
            // What the system cannot take at once is lost: a datagram is not worth waiting for.
            socket.Blocking = false;
            return new DhtSide(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Begin(SavedNodes saved)
    {
        _savedAt = Now;
        foreach (var side in _sides)
        {
            side.Node = new DhtNode(side.Family, saved.IdOf(side.Family), _options, this, RandomNumberGenerator.Fill, Now);
            side.Saved = saved.NodesOf(side.Family);
            side.BootstrapAt = Now;
            side.BootstrapPause = _options.SearchInterval;
        }
        if (_sides is [var v4, var v6])
        {
            v4.Node!.Sibling = v6.Node;
            v6.Node!.Sibling = v4.Node;
        }
        foreach (var side in _sides)
            ReceiveNext(side);
        if (_sides.Count == 0)
            return;
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _options.Tick);
        OnTick();
    }

    private void ReceiveNext(DhtSide side) => ReceiveAsync(side).PipeTo(Self, failure: e => new ReceiveFailed(side, e));

    private async Task<Datagram> ReceiveAsync(DhtSide side)
    {
        while (true)
        {
            try
            {
                var received = await side.Socket.ReceiveFromAsync(side.Buffer.AsMemory(), SocketFlags.None, side.AnySender, _stop.Token).ConfigureAwait(false);
                return new Datagram(side, received.ReceivedBytes, (IPEndPoint)received.RemoteEndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.MessageSize or SocketError.ConnectionRefused)
            {
                // The echo of something sent to where nobody is, or a datagram that is too long: the next one counts.
                _log.Debug("A datagram is dropped: {0}", e.Message);
            }
        }
    }

    private void OnDatagram(Datagram datagram)
    {
        var side = datagram.Side;
        if (!_sides.Contains(side))
            return;
        side.Node!.Receive(side.Buffer.AsMemory(0, datagram.Length), datagram.From, Now);
        ReceiveNext(side);
    }

    private void OnTick()
    {
        var now = Now;
        foreach (var side in _sides)
        {
            side.Node!.Tick(now);
            if (!side.IsBootstrapping && side.BootstrapAt <= now && side.Node.Table.Count < RoutingTable.BucketSize)
                Bootstrap(side);
        }
        LookForTorrents();
        if (_savedAt + _options.SaveInterval <= now)
            SaveNodes();
    }

    private void Bootstrap(DhtSide side)
    {
        side.IsBootstrapping = true;
        if (side.Saved.Count > 0)
        {
            // Whom we knew before is asked before those whom everybody asks.
            var saved = side.Saved;
            side.Saved = [];
            Bootstrap(side, saved, []);
            return;
        }
        var hosts = new List<HostAndPort>();
        foreach (var text in _options.Bootstrap)
        {
            if (HostAndPort.TryParse(text, out var host))
                hosts.Add(host);
        }
        Task.WhenAll(hosts.Select(host => host.ResolveAsync(_stop.Token)))
            .PipeTo(Self, success: found => new Resolved(side, [.. found.SelectMany(static all => all)]), failure: _ => new Resolved(side, []));
    }

    private void OnResolved(Resolved resolved)
    {
        var side = resolved.Side;
        side.HasAskedHosts = true;
        if (resolved.EndPoints.Count == 0 && _options.Bootstrap.Count > 0)
            _log.Info("None of the hosts that the DHT begins with can be looked up");
        Bootstrap(side, [], [.. resolved.EndPoints.Where(endPoint => DhtAddress.IsUsable(endPoint, side.Family, allowLocal: true)).Take(MostStarts)]);
    }

    private void Bootstrap(DhtSide side, IReadOnlyList<NodeContact> nodes, IReadOnlyList<IPEndPoint> endPoints)
        => LookUp(side, KrpcMessage.FindNode(side.Node!.Id, side.Node.Id), nodes, endPoints, announcePort: 0, torrent: null, isBootstrap: true);

    private void LookUp(
        DhtSide side, KrpcMessage query, IReadOnlyList<NodeContact> nodes, IReadOnlyList<IPEndPoint> endPoints, int announcePort,
        FollowedTorrent? torrent, bool isBootstrap)
    {
        var node = side.Node!;
        if (node.Sibling is { } sibling && sibling.Table.Count < RoutingTable.BucketSize)
            query = query with { Want = KrpcWant.V4 | KrpcWant.V6 };
        var start = new DhtLookupStart(
            query, node.Id, side.Family, [.. node.Table.Nearest(query.Target, 2 * DhtLookup.Width), .. nodes], endPoints, announcePort, _options, _context.Time);
        var lookup = Context.ActorOf(DhtLookupActor.Props(start), $"lookup-{++_lookupCount}");
        _lookups.Add(lookup, (side, torrent, isBootstrap));
        Context.WatchWith(lookup, new LookupStopped(lookup));
        if (torrent is not null)
            torrent.Running++;
    }

    private void OnAsk(DhtProtocol.Ask ask)
    {
        var asker = ask.Number is { } number ? new Asker(Sender, number) : null;
        if (SideOf(ask.Family)?.Node?.Ask(ask.EndPoint, ask.Id, ask.Query, asker, Now) is not true)
            asker?.Unanswered(ask.EndPoint);
    }

    private void OnEnded(IActorRef lookup, int answers)
    {
        if (!_lookups.Remove(lookup, out var what))
            return;
        if (what.IsBootstrap)
        {
            var side = what.Side;
            side.IsBootstrapping = false;
            if (side.Node!.Table.Count >= RoutingTable.BucketSize)
            {
                side.BootstrapPause = _options.SearchInterval;
            }
            else if (!side.HasAskedHosts)
            {
                Bootstrap(side);
            }
            else
            {
                side.BootstrapAt = Now + side.BootstrapPause;
                side.BootstrapPause = Min(2 * side.BootstrapPause, _options.AnnounceInterval);
            }
        }
        if (what.Torrent is { } torrent && --torrent.Running == 0)
            Plan(torrent, answers);
        LookForTorrents();
    }

    /// <summary>After a round of lookups: the next one, soon while there is nobody else.</summary>
    private void Plan(FollowedTorrent torrent, int answers)
    {
        if (torrent.HasFound)
        {
            torrent.Pause = TimeSpan.Zero;
            torrent.NextAt = Now + (_options.AnnounceInterval * (0.9 + (0.1 * _random.NextDouble())));
        }
        else
        {
            // Nobody answered: that says nothing about the torrent.
            torrent.Pause = answers == 0 || torrent.Pause == TimeSpan.Zero
                ? _options.SearchInterval
                : Min(2 * torrent.Pause, _options.AnnounceInterval);
            torrent.NextAt = Now + torrent.Pause;
        }
        torrent.HasFound = false;
    }

    private void LookForTorrents()
    {
        if (_followed.Count == 0)
            return;
        var now = Now;
        foreach (var torrent in _followed.Values)
        {
            if (_lookups.Count >= _options.MaxLookups)
                return;
            if (torrent.Running > 0 || torrent.NextAt > now)
                continue;
            foreach (var side in _sides)
            {
                // Before the table holds anybody there is nobody to ask.
                if (side.Node!.Table.Count > 0)
                    LookUp(side, KrpcMessage.GetPeers(side.Node.Id, torrent.InfoHash), [], [], _context.ListenPort, torrent, isBootstrap: false);
            }
        }
    }

    private void Follow(DiscoveryProtocol.Follow follow)
    {
        if (_followed.Remove(follow.InfoHash, out var before))
            Context.Unwatch(before.Coordinator);
        _followed.Add(follow.InfoHash, new FollowedTorrent(follow.InfoHash, Sender, Now));
        Context.WatchWith(Sender, new FollowerEnded(follow.InfoHash, Sender));
        LookForTorrents();
    }

    private void Unfollow(InfoHash infoHash, IActorRef follower)
    {
        if (!_followed.TryGetValue(infoHash, out var torrent) || !torrent.Coordinator.Equals(follower))
            return;
        _followed.Remove(infoHash);
        Context.Unwatch(follower);
    }

    private void OnFound(DhtProtocol.Found found)
    {
        if (!_followed.TryGetValue(found.InfoHash, out var torrent))
            return;
        torrent.HasFound |= found.Peers.Any(IsOther);
        torrent.Coordinator.Tell(new DiscoveryProtocol.PeersFound(found.Peers, PeerSource.Dht, found.IsLocal));
    }

    private bool IsOther(IPEndPoint peer) => !_context.IsOwn(peer)
        && (peer.Port != _context.ListenPort || !peer.Address.Equals(SideOf(peer.AddressFamily)?.Node?.ExternalAddress));

    private void SaveNodes()
    {
        _savedAt = Now;
        if (_isSaving || StateFile is not { } file || ToSave() is not { } saved)
            return;
        _isSaving = true;
        Task.Run(() => new Saved(Save(file, saved))).PipeTo(Self, failure: e => new Saved(e));
    }

    private SavedNodes? ToSave()
    {
        if (!_sides.Exists(static side => side.Node is { Table.Count: > 0 }))
            return null;
        var (v4, v6) = (SideOf(AddressFamily.InterNetwork)?.Node, SideOf(AddressFamily.InterNetworkV6)?.Node);
        return new SavedNodes { Id = v4?.Id, Id6 = v6?.Id, Nodes = NodesOf(v4), Nodes6 = NodesOf(v6) };

        static NodeContact[] NodesOf(DhtNode? node) =>
            [.. (node?.Table.Nodes ?? []).Where(static known => known.Failures == 0).Select(static known => known.Contact).Take(SavedNodes.MaxNodes)];
    }

    private static Exception? Save(string file, SavedNodes saved)
    {
        try
        {
            SavedNodesFile.Save(file, saved);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure;
        }
    }

    private DhtStatus Status()
    {
        var nodes = _sides.ConvertAll(static side => side.Node!);
        return new DhtStatus(
            _port,
            nodes.Where(static node => node.Family == AddressFamily.InterNetwork).Sum(static node => node.Table.Count),
            nodes.Where(static node => node.Family == AddressFamily.InterNetworkV6).Sum(static node => node.Table.Count),
            _lookups.Count,
            _followed.Count,
            nodes.Sum(static node => node.Store.Torrents),
            nodes.Sum(static node => node.Store.Peers),
            nodes.Sum(static node => node.Counters.Received),
            nodes.Sum(static node => node.Counters.Sent),
            nodes.Sum(static node => node.Counters.Malformed),
            nodes.Sum(static node => node.Counters.Unsolicited),
            nodes.Sum(static node => node.Counters.Ignored));
    }

    private static TimeSpan Min(TimeSpan x, TimeSpan y) => x < y ? x : y;

    private sealed class Asker(IActorRef lookup, int number) : IDhtAsker
    {
        public void Answered(IPEndPoint from, KrpcMessage answer) => lookup.Tell(new DhtProtocol.Answered(number, answer));

        public void Unanswered(IPEndPoint from) => lookup.Tell(new DhtProtocol.Unanswered(number));
    }

    private sealed record Loaded(SavedNodes? Saved, Exception? Failure) : IDeadLetterSuppression;

    private sealed record Datagram(DhtSide Side, int Length, IPEndPoint From) : IDeadLetterSuppression;

    private sealed record ReceiveFailed(DhtSide Side, Exception Reason) : IDeadLetterSuppression;

    private sealed record Resolved(DhtSide Side, IReadOnlyList<IPEndPoint> EndPoints) : IDeadLetterSuppression;

    private sealed record Saved(Exception? Failure) : IDeadLetterSuppression;

    private sealed record LookupStopped(IActorRef Lookup);

    private sealed record FollowerEnded(InfoHash InfoHash, IActorRef Follower);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
