using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>Drives one lookup of a simulated node.</summary>
internal sealed class SimulatedLookup
{
    private readonly DhtSimulation _simulation;
    private readonly DhtNode _node;
    private readonly DhtOptions _options;
    private readonly KrpcMessage _query;
    private readonly Action<SimulatedLookup> _done;
    private bool _isOver;
    private bool _isTicking;

    public SimulatedLookup(
        DhtSimulation simulation, DhtNode node, DhtOptions options, KrpcMessage query, IEnumerable<IPEndPoint> seeds, Action<SimulatedLookup> done)
    {
        _simulation = simulation;
        _node = node;
        _options = options;
        _query = query;
        _done = done;
        StartedAt = simulation.Now;
        State = new DhtLookup(query.Target, node.Id, AddressFamily.InterNetwork, options);
        foreach (var contact in node.Table.Nearest(query.Target, 2 * DhtLookup.Width))
            State.Start(contact);
        foreach (var seed in seeds)
            State.Start(seed);
        State.CheckDone();
        Go();
    }

    public DhtLookup State { get; }

    public TimeSpan StartedAt { get; }

    public HashSet<IPEndPoint> Peers { get; } = [];

    public void Tick()
    {
        if (_isOver)
            return;
        State.Tick(_simulation.Now);
        Go();
    }

    private void Go()
    {
        while (State.TakeNext(_simulation.Now) is { } next)
        {
            if (!_node.Ask(next.EndPoint, next.Id, _query, new Asker(this, next), _simulation.Now))
                State.Failed(next);
        }
        if (_isOver)
            return;
        if (State.IsDone)
        {
            _isOver = true;
            _done(this);
            return;
        }
        if (!_isTicking)
        {
            _isTicking = true;
            _simulation.After(_options.StallTimeout / 2, () =>
            {
                _isTicking = false;
                Tick();
            });
        }
    }

    private sealed class Asker(SimulatedLookup lookup, LookupNode node) : IDhtAsker
    {
        public void Answered(IPEndPoint from, KrpcMessage answer)
        {
            lookup.Peers.UnionWith(lookup.State.Answered(node, answer));
            lookup.Go();
        }

        public void Unanswered(IPEndPoint from)
        {
            lookup.State.Failed(node);
            lookup.Go();
        }
    }
}
