using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>
/// Many nodes in virtual time: an event queue carries datagrams, bytes as on the wire, between nodes that run the engine's own node, table and
/// lookup. Everything by chance comes from one seed.
/// </summary>
internal sealed class DhtSimulation
{
    private static readonly DhtOptions Options = new() { QueriesPerSecond = 20, QueryBurst = 200 };
    private static readonly TimeSpan NodeTick = TimeSpan.FromSeconds(2.5);

    private readonly SimulationPlan _plan;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<IPEndPoint, SimulatedNode> _byEndPoint = [];
    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<SimulatedNode> _liars = [];
    private readonly List<(NodeId Torrent, IPEndPoint Peer)> _torrents = [];
    private readonly List<SimulatedLookup> _ended = [];
    private long _order;
    private long _datagrams;
    private ulong _trace = 14695981039346656037;
    private double _lookupSeconds;
    private int _found;

    public DhtSimulation(SimulationPlan plan)
    {
        _plan = plan;
        _random = new Random(plan.Seed);
    }

    public TimeSpan Now { get; private set; }

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    public SimulationResult Run()
    {
        for (var i = 0; i < _plan.Nodes; i++)
        {
            var kind = KindOf(i);
            After(_plan.Joining * i / _plan.Nodes, () => Join(kind));
        }
        var settled = _plan.Joining + TimeSpan.FromSeconds(30);
        After(settled, () =>
        {
            foreach (var node in _nodes.Where(static node => node.Kind == SimulatedKind.Dead))
                node.IsAlive = false;
            foreach (var node in _nodes.Where(static node => node.IsHonest).Take(_plan.Torrents))
                node.IsStable = true;
        });
        for (var at = settled; at < settled + (2 * _plan.Phase); at += _plan.Churn)
            After(at, Replace);
        for (var i = 0; i < _plan.Torrents; i++)
        {
            var peer = i;
            After(settled + (_plan.Phase * i / _plan.Torrents), () => Announce(_nodes.Where(static node => node.IsStable).ElementAt(peer)));
        }
        for (var i = 0; i < _plan.Lookups; i++)
            After(settled + _plan.Phase + (_plan.Phase * i / _plan.Lookups), LookUpOne);

        var end = settled + (2 * _plan.Phase) + TimeSpan.FromMinutes(1);
        while (_events.TryDequeue(out var action, out var when) && when.At < end)
        {
            Now = when.At;
            action();
        }
        var honest = _nodes.Where(static node => node is { IsHonest: true, IsAlive: true }).ToArray();
        var known = honest.SelectMany(static node => node.Node.Table.Nodes).ToArray();
        return new SimulationResult(
            _ended.Count,
            _found,
            _ended.Average(static lookup => lookup.State.Queries),
            _ended.Max(static lookup => lookup.State.Queries),
            _lookupSeconds / _ended.Count,
            [.. honest.Select(static node => node.Node.Table.Count).Order()],
            known.Count(node => _byEndPoint.GetValueOrDefault(node.EndPoint) is not { IsHonest: true, IsAlive: true }) / (double)known.Length,
            honest.Max(static node => node.MostFlight),
            _datagrams,
            _trace);
    }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    public void Deliver(IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> datagram)
    {
        _datagrams++;
        Trace((ulong)Now.Ticks);
        Trace((ulong)from.Address.GetAddressBytes().Aggregate(0, static (sum, value) => (sum << 8) | value));
        Trace((ulong)to.Address.GetAddressBytes().Aggregate(0, static (sum, value) => (sum << 8) | value));
        foreach (var value in datagram)
            Trace(value);
        if (_random.NextDouble() < _plan.Loss || !_byEndPoint.TryGetValue(to, out var receiver))
            return;
        var bytes = datagram.ToArray();
        After(TimeSpan.FromMilliseconds(_random.Next(10, 200)), () => receiver.Receive(bytes, from));
    }

    /// <summary>A node near a target that does not exist.</summary>
    public NodeContact Ghost(NodeId target)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        Fill(bytes);
        return new NodeContact(target.WithCommonBits(_random.Next(12, 40), new NodeId(bytes)), FreshEndPoint());
    }

    public NodeContact[] Accomplices() =>
        [.. Enumerable.Range(0, 8).Select(_ => _liars[_random.Next(_liars.Count)]).Select(static liar => new NodeContact(liar.Node.Id, liar.EndPoint))];

    private void Trace(ulong value) => _trace = (_trace ^ value) * 1099511628211;

    private SimulatedKind KindOf(int index)
    {
        var lot = _random.NextDouble();
        // The first ones are those whom everybody asks first.
        if (index < 8)
            return SimulatedKind.Honest;
        if (lot < _plan.Dead)
            return SimulatedKind.Dead;
        return lot < _plan.Dead + _plan.Lying
            ? (SimulatedKind)((int)SimulatedKind.NamesGhosts + _random.Next(4))
            : SimulatedKind.Honest;
    }

    private IPEndPoint FreshEndPoint()
    {
        while (true)
        {
            var endPoint = new IPEndPoint(
                new IPAddress([(byte)_random.Next(11, 99), (byte)_random.Next(256), (byte)_random.Next(256), (byte)_random.Next(256)]),
                _random.Next(1024, 65536));
            if (!_byEndPoint.ContainsKey(endPoint))
                return endPoint;
        }
    }

    private void Join(SimulatedKind kind)
    {
        var node = new SimulatedNode(this, FreshEndPoint(), kind, Options);
        _nodes.Add(node);
        _byEndPoint.Add(node.EndPoint, node);
        if (kind is not (SimulatedKind.Honest or SimulatedKind.Dead))
            _liars.Add(node);
        Bootstrap(node);
        After(NodeTick * _random.NextDouble(), () => Tick(node));
    }

    /// <summary>Looks for itself, from three nodes that happen to be known; whoever has found few so far tries again.</summary>
    private void Bootstrap(SimulatedNode node)
    {
        var alive = _nodes.Where(other => other.IsAlive && other != node).ToArray();
        var seeds = Enumerable.Range(0, alive.Length == 0 ? 0 : 3).Select(_ => alive[_random.Next(alive.Length)].EndPoint).ToArray();
        node.LookUp(KrpcMessage.FindNode(node.Node.Id, node.Node.Id), seeds, _ =>
        {
            if (node.IsAlive && node.Node.Table.Count < DhtLookup.Width && _nodes.Count > 2 * DhtLookup.Width)
                After(Options.SearchInterval, () => Bootstrap(node));
        });
    }

    private void Tick(SimulatedNode node)
    {
        if (!node.IsAlive)
            return;
        node.Node.Tick(Now);
        After(NodeTick, () => Tick(node));
    }

    private void Replace()
    {
        var leaving = _nodes.Where(static node => node is { IsHonest: true, IsAlive: true, IsStable: false }).ToArray();
        leaving[_random.Next(leaving.Length)].IsAlive = false;
        Join(SimulatedKind.Honest);
    }

    private void Announce(SimulatedNode node)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        Fill(bytes);
        Announce(node, new NodeId(bytes), isFirst: true);
    }

    /// <summary>As the engine does: again and again.</summary>
    private void Announce(SimulatedNode node, NodeId torrent, bool isFirst)
    {
        node.LookUp(KrpcMessage.GetPeers(node.Node.Id, torrent.ToInfoHash()), [], lookup =>
        {
            foreach (var near in lookup.State.Nearest())
                node.Node.Ask(near.EndPoint, near.Id, KrpcMessage.AnnouncePeer(node.Node.Id, torrent.ToInfoHash(), 6881, near.Token), asker: null, Now);
            if (isFirst)
                _torrents.Add((torrent, new IPEndPoint(node.EndPoint.Address, 6881)));
            After(Options.AnnounceInterval * 0.9, () => Announce(node, torrent, isFirst: false));
        });
    }

    private void LookUpOne()
    {
        var (torrent, peer) = _torrents[_random.Next(_torrents.Count)];
        var honest = _nodes.Where(static node => node is { IsHonest: true, IsAlive: true }).ToArray();
        var asker = honest[_random.Next(honest.Length)];
        asker.IsStable = true;
        asker.LookUp(KrpcMessage.GetPeers(asker.Node.Id, torrent.ToInfoHash()), [], lookup =>
        {
            _ended.Add(lookup);
            _lookupSeconds += (Now - lookup.StartedAt).TotalSeconds;
            if (lookup.Peers.Contains(peer))
                _found++;
        });
    }
}
