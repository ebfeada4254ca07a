using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>A node in the simulation: our own code, or, for queries, what a liar does instead.</summary>
internal sealed class SimulatedNode : IDhtOutlet
{
    private readonly DhtSimulation _simulation;
    private readonly DhtOptions _options;
    private readonly byte[] _buffer = new byte[KrpcMessage.MaxLength];

    public SimulatedNode(DhtSimulation simulation, IPEndPoint endPoint, SimulatedKind kind, DhtOptions options)
    {
        _simulation = simulation;
        _options = options;
        EndPoint = endPoint;
        Kind = kind;
        Node = new DhtNode(
            AddressFamily.InterNetwork, SecureNodeId.Create(endPoint.Address, simulation.Fill), options, this, simulation.Fill, simulation.Now);
    }

    public IPEndPoint EndPoint { get; }

    public SimulatedKind Kind { get; }

    public DhtNode Node { get; }

    public bool IsAlive { get; set; } = true;

    public bool IsStable { get; set; }

    public bool IsHonest => Kind is SimulatedKind.Honest;

    public int MostFlight { get; private set; }

    public void Send(KrpcMessage message, IPEndPoint to)
    {
        MostFlight = Math.Max(MostFlight, Node.InFlight);
        _simulation.Deliver(EndPoint, to, _buffer.AsSpan(0, KrpcWriter.Write(message, _buffer)));
    }

    public void Refresh(DhtNode node, NodeId target) => LookUp(KrpcMessage.FindNode(node.Id, target), [], static _ => { });

    public void LookUp(KrpcMessage query, IEnumerable<IPEndPoint> seeds, Action<SimulatedLookup> done)
        => _ = new SimulatedLookup(_simulation, Node, _options, query, seeds, done);

    public void Receive(byte[] datagram, IPEndPoint from)
    {
        if (!IsAlive)
            return;
        if (Kind is SimulatedKind.Honest or SimulatedKind.Dead)
        {
            Node.Receive(datagram, from, _simulation.Now);
            return;
        }
        KrpcMessage message;
        try
        {
            message = KrpcReader.Read(datagram);
        }
        catch (KrpcException)
        {
            return;
        }
        if (message.Kind == KrpcKind.Query)
            Lie(message, from);
        else
            Node.Receive(datagram, from, _simulation.Now);
    }

    private void Lie(KrpcMessage query, IPEndPoint to)
    {
        var answer = KrpcMessage.Response(Node.Id) with { TransactionId = query.TransactionId, Token = new byte[] { 1, 2, 3, 4 } };
        if (query.Method is KrpcMethod.Ping or KrpcMethod.AnnouncePeer)
        {
            // To be known they must be there when they are asked.
            Send(answer, to);
            return;
        }
        switch (Kind)
        {
            case SimulatedKind.NamesGhosts:
                Send(answer with { Nodes = [.. Enumerable.Range(0, 8).Select(_ => _simulation.Ghost(query.Target))] }, to);
                break;
            case SimulatedKind.NamesAccomplices:
                Send(
                    answer with
                    {
                        Nodes = _simulation.Accomplices(),
                        Peers = [.. Enumerable.Range(0, 20).Select(_ => _simulation.Ghost(query.Target).EndPoint)],
                    },
                    to);
                break;
            case SimulatedKind.ChangesId:
                Send(answer with { Id = _simulation.Ghost(query.Target).Id }, to);
                break;
            default:
                Send(answer with { TransactionId = new byte[] { 9, 9, 9, 9 } }, to);
                _simulation.Deliver(EndPoint, to, "d1:rd2:id20:"u8);
                break;
        }
    }
}
