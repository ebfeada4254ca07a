using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// The state of one lookup (BEP 5): the nodes heard of, nearest to the target first, of which up to α are asked at once, until the nearest
/// eight that are alive have answered. Who names nodes that do not exist is not believed any further; nodes, peers and queries are bounded.
/// One owner; time is passed in.
/// </summary>
/// <param name="target">What is looked for.</param>
/// <param name="own">Our own place, which is never asked.</param>
/// <param name="family">The family of addresses.</param>
/// <param name="options">α, timeouts, bounds.</param>
internal sealed class DhtLookup(NodeId target, NodeId own, AddressFamily family, DhtOptions options)
{
    /// <summary>How many of the nearest must have answered, and are announced to.</summary>
    public const int Width = RoutingTable.BucketSize;

    /// <summary>Nodes kept that have not been asked yet; the farthest ones go.</summary>
    public const int MaxFresh = 64;

    /// <summary>Nodes taken of one answer.</summary>
    public const int NodesPerAnswer = 16;

    /// <summary>Peers kept of the whole lookup.</summary>
    public const int MaxPeers = 2_000;

    /// <summary>Failures of those whom a node named, more than of them answered, after which its word counts no more.</summary>
    public const int FailuresBeforeDistrust = 3;

    private readonly List<LookupNode> _nodes = [];
    private readonly Dictionary<IPEndPoint, LookupNode> _byEndPoint = [];
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly HashSet<IPEndPoint> _peers = [];
    private int _asking;
    private int _fresh;

    /// <summary>What is looked for.</summary>
    public NodeId Target => target;

    /// <summary>How many nodes were asked so far.</summary>
    public int Queries { get; private set; }

    /// <summary>How many answered.</summary>
    public int Answers { get; private set; }

    /// <summary>Peers found so far.</summary>
    public int Peers => _peers.Count;

    /// <summary>How many nodes are kept.</summary>
    public int Known => _nodes.Count;

    /// <summary>Whether there is nothing more to be found out.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Starts from a node that we know.</summary>
    public void Start(NodeContact node) => Add(node.Id, node.EndPoint, namedBy: null);

    /// <summary>Starts from an endpoint whose node's id is not known.</summary>
    public void Start(IPEndPoint endPoint) => Add(id: null, endPoint, namedBy: null);

    /// <summary>The next node to ask now, if there is one; it counts as asked.</summary>
    public LookupNode? TakeNext(TimeSpan now)
    {
        if (IsDone || _asking >= options.Parallel || Queries >= options.QueriesPerLookup)
            return null;
        var alive = 0;
        foreach (var node in _nodes)
        {
            if (alive >= Width)
                return null;
            if (node.State == LookupState.Fresh && !IsDistrusted(node))
            {
                node.State = LookupState.Asked;
                node.AskedAt = now;
                _asking++;
                _fresh--;
                Queries++;
                return node;
            }
            // Those that take long may still answer, but others are asked beside them.
            if (node.State == LookupState.Asked || IsGood(node))
                alive++;
        }
        return null;
    }

    /// <summary>A node answered.</summary>
    /// <param name="node">The node.</param>
    /// <param name="answer">Its answer.</param>
    /// <returns>Peers that were not known before.</returns>
    public IReadOnlyList<IPEndPoint> Answered(LookupNode node, KrpcMessage answer)
    {
        if (!EndWait(node))
            return [];
        if (answer.Id == own || (node.Id is { } expected && expected != answer.Id))
        {
            Fail(node);
            return [];
        }
        node.State = LookupState.Answered;
        node.Token = answer.Token;
        Answers++;
        if (node.NamedBy is { } namer)
            namer.NamedAnswered++;
        if (node.Id is null)
        {
            _nodes.Remove(node);
            node.Id = answer.Id;
            Place(node);
        }
        var allowLocal = DhtAddress.IsLocal(node.EndPoint.Address);
        var taken = 0;
        foreach (var contact in family == AddressFamily.InterNetwork ? answer.Nodes : answer.Nodes6)
        {
            if (taken++ >= NodesPerAnswer)
                break;
            if (DhtAddress.IsUsable(contact.EndPoint, family, allowLocal))
                Add(contact.Id, contact.EndPoint, node);
        }
        var found = new List<IPEndPoint>();
        foreach (var peer in answer.Peers)
        {
            if (_peers.Count < MaxPeers && DhtAddress.IsUsable(peer, peer.AddressFamily, allowLocal) && _peers.Add(peer))
                found.Add(peer);
        }
        CheckDone();
        return found;
    }

    /// <summary>A node did not answer, or with an error, or as somebody else.</summary>
    public void Failed(LookupNode node)
    {
        if (!EndWait(node))
            return;
        Fail(node);
    }

    /// <summary>Notices which nodes take long, so that others are asked beside them.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var node in _nodes)
        {
            if (node.State == LookupState.Asked && node.AskedAt + options.StallTimeout <= now)
            {
                node.State = LookupState.Stalled;
                _asking--;
            }
        }
        CheckDone();
    }

    /// <summary>The nodes nearest to the target of all that answered and did not lead astray, nearest first.</summary>
    public IEnumerable<LookupNode> Nearest() => _nodes.Where(IsGood).Take(Width);

    /// <summary>Nothing more is to be expected when nothing was started.</summary>
    public void CheckDone()
    {
        if (IsDone)
            return;
        var answered = 0;
        var mayAsk = Queries < options.QueriesPerLookup;
        foreach (var node in _nodes)
        {
            switch (node.State)
            {
                case LookupState.Answered when IsGood(node):
                    answered++;
                    break;
                case LookupState.Asked:
                case LookupState.Fresh when mayAsk && !IsDistrusted(node):
                    return;
            }
            // What takes long is not waited for once enough have answered.
            if (answered >= Width)
            {
                IsDone = true;
                return;
            }
        }
        IsDone = !_nodes.Exists(static node => node.State == LookupState.Stalled);
    }

    /// <summary>Whether a node answered and is none of those who surround the target with nodes that do not exist.</summary>
    private static bool IsGood(LookupNode node) => node is { State: LookupState.Answered, Distrust: < FailuresBeforeDistrust };

    private static bool IsDistrusted(LookupNode node) =>
        node.NamedBy is { Distrust: >= FailuresBeforeDistrust };

    private bool EndWait(LookupNode node)
    {
        if (node.State == LookupState.Asked)
            _asking--;
        return node.State is LookupState.Asked or LookupState.Stalled;
    }

    private void Fail(LookupNode node)
    {
        node.State = LookupState.Failed;
        if (node.NamedBy is { } namer)
            namer.NamedFailed++;
        CheckDone();
    }

    private void Add(NodeId? id, IPEndPoint endPoint, LookupNode? namedBy)
    {
        if (_byEndPoint.TryGetValue(endPoint, out var known))
        {
            // Two who agree: the better word counts.
            if (known.State == LookupState.Fresh && known.Id == id && known.NamedBy is { } before && (namedBy is null || namedBy.Distrust < before.Distrust))
                known.NamedBy = namedBy;
            return;
        }
        if (id == own || (options.RestrictAddresses && _addresses.Contains(endPoint.Address)))
            return;
        if (_fresh >= MaxFresh)
        {
            var farthest = _nodes.FindLastIndex(static node => node.State == LookupState.Fresh);
            if (id is not { } place || _nodes[farthest].Id is not { } other || NodeId.CompareDistance(target, place, other) >= 0)
                return;
            Forget(farthest);
        }
        var node = new LookupNode(id, endPoint, namedBy);
        _byEndPoint.Add(endPoint, node);
        _addresses.Add(endPoint.Address);
        _fresh++;
        Place(node);
    }

    private void Forget(int index)
    {
        var node = _nodes[index];
        _nodes.RemoveAt(index);
        _byEndPoint.Remove(node.EndPoint);
        _addresses.Remove(node.EndPoint.Address);
        _fresh--;
    }

    /// <summary>Puts a node where it belongs; one whose id is not known comes first.</summary>
    private void Place(LookupNode node)
    {
        var index = 0;
        if (node.Id is { } id)
        {
            index = _nodes.Count;
            while (index > 0 && _nodes[index - 1].Id is { } before && NodeId.CompareDistance(target, id, before) < 0)
                index--;
        }
        _nodes.Insert(index, node);
    }
}
