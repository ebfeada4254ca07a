using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// One DHT node of one family of addresses, without its socket and clock: answers queries, keeps track of its own, and looks after its routing
/// table (BEP 5, BEP 32, BEP 42, BEP 43). Everything from outside is bounded, and nobody is believed before he has answered from where he says
/// he is. One owner; time is passed in.
/// </summary>
internal sealed class DhtNode
{
    private const int MostVerifications = 16;
    private const int MostPeersV4 = 50;
    private const int MostPeersV6 = 30;
    private const double MalformedWeight = 5;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);
    private static readonly byte[] Version = [(byte)'A', (byte)'T', 0, 1];

    private readonly DhtOptions _options;
    private readonly IDhtOutlet _outlet;
    private readonly RandomFill _random;
    private readonly TokenJar _tokens;
    private readonly PeerStore _store;
    private readonly AddressLimiter _limiter;
    private readonly OwnAddress _address = new();
    private readonly Dictionary<uint, Pending> _pending = [];
    private readonly List<uint> _late = [];
    private TimeSpan _sweptAt;
    private int _verifications;

    /// <param name="family">The family of addresses.</param>
    /// <param name="id">Its place; null for one by chance.</param>
    /// <param name="options">Bounds and intervals.</param>
    /// <param name="outlet">Where messages go.</param>
    /// <param name="random">For ids, secrets and transaction ids.</param>
    /// <param name="now">The time.</param>
    public DhtNode(AddressFamily family, NodeId? id, DhtOptions options, IDhtOutlet outlet, RandomFill random, TimeSpan now)
    {
        Family = family;
        _options = options;
        _outlet = outlet;
        _random = random;
        _tokens = new TokenJar(options.TokenInterval, random, now);
        Span<byte> seed = stackalloc byte[4];
        random(seed);
        _store = new PeerStore(options, new Random(BinaryPrimitives.ReadInt32LittleEndian(seed)));
        _limiter = new AddressLimiter(options);
        Table = new RoutingTable(id ?? SecureNodeId.Create(address: null, random), options, now);
        _sweptAt = now;
    }

    /// <summary>The family of addresses.</summary>
    public AddressFamily Family { get; }

    /// <summary>Our place.</summary>
    public NodeId Id => Table.Own;

    /// <summary>The nodes that we know.</summary>
    public RoutingTable Table { get; private set; }

    /// <summary>The node of the other family, whose nodes are handed out to those who want them (BEP 32); null when there is none.</summary>
    public DhtNode? Sibling { get; set; }

    /// <summary>What it has seen so far.</summary>
    public DhtCounters Counters { get; } = new();

    /// <summary>Peers that others announced to us.</summary>
    public PeerStore Store => _store;

    /// <summary>Addresses whose queries are counted.</summary>
    public int CountedAddresses => _limiter.Count;

    /// <summary>Queries in flight.</summary>
    public int InFlight => _pending.Count;

    /// <summary>Our own address as others see it; null while it is not known.</summary>
    public IPAddress? ExternalAddress => _address.In(Family);

    /// <summary>Sends a query.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="expected">Whose answer is wanted; null for anybody's who is there.</param>
    /// <param name="query">The query, without transaction id.</param>
    /// <param name="asker">Who is told what came of it; null for nobody.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when too many are in flight: nothing is sent and nobody is told.</returns>
    public bool Ask(IPEndPoint to, NodeId? expected, KrpcMessage query, IDhtAsker? asker, TimeSpan now)
        => Ask(to, expected, query, asker, isVerification: false, now);

    /// <summary>Asks a node that somebody else told us of whether it is there, so that it can be taken in; at most a few at once.</summary>
    public void Verify(IPEndPoint to, NodeId? expected, TimeSpan now)
    {
        if (_verifications < MostVerifications && DhtAddress.IsUsable(to, Family, allowLocal: true))
            Ask(to, expected, KrpcMessage.Ping(Id), asker: null, isVerification: true, now);
    }

    /// <summary>Takes in a datagram.</summary>
    public void Receive(ReadOnlyMemory<byte> datagram, IPEndPoint from, TimeSpan now)
    {
        Counters.Received++;
        if (!DhtAddress.IsUsable(from, Family, allowLocal: true) || _limiter.IsIgnored(from.Address, now))
        {
            Counters.Ignored++;
            return;
        }
        KrpcMessage message;
        try
        {
            message = KrpcReader.Read(datagram);
        }
        catch (KrpcException problem)
        {
            Counters.Malformed++;
            if (_limiter.Charge(from.Address, MalformedWeight, now) && !problem.QueryId.IsEmpty && !_options.ReadOnly && _limiter.ChargeAll(now))
                Reply(KrpcMessage.Error(KrpcErrorCode.Protocol, "Protocol Error"), problem.QueryId, from);
            return;
        }
        if (message.Kind == KrpcKind.Query)
            OnQuery(message, from, now);
        else
            OnAnswer(message, from, now);
    }

    /// <summary>Gives up on what was not answered in time and looks after the table. To be called every now and then.</summary>
    public void Tick(TimeSpan now)
    {
        if (_pending.Count > 0)
            ExpireQueries(now);
        if (Table.Count > 0)
        {
            if (Table.TakeQuestionable(now) is { } doubtful)
                Ask(doubtful.EndPoint, doubtful.Id, KrpcMessage.Ping(Id), asker: null, now);
            if (Table.TakeRefresh(now, _random) is { } target)
                _outlet.Refresh(this, target);
        }
        if (_sweptAt + SweepInterval > now)
            return;
        _sweptAt = now;
        _store.Sweep(now);
        _limiter.Sweep(now);
    }

    private bool Ask(IPEndPoint to, NodeId? expected, KrpcMessage query, IDhtAsker? asker, bool isVerification, TimeSpan now)
    {
        if (_pending.Count >= _options.MaxQueries)
            return false;
        Span<byte> bytes = stackalloc byte[4];
        uint transaction;
        do
        {
            _random(bytes);
            transaction = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        while (!_pending.TryAdd(transaction, new Pending(to, expected, asker, isVerification, now)));
        if (isVerification)
            _verifications++;
        Counters.Sent++;
        _outlet.Send(query with { Id = Id, TransactionId = bytes.ToArray(), IsReadOnly = _options.ReadOnly, Version = Version }, to);
        return true;
    }

    private void ExpireQueries(TimeSpan now)
    {
        _late.Clear();
        foreach (var (transaction, pending) in _pending)
        {
            if (pending.SentAt + _options.QueryTimeout <= now)
                _late.Add(transaction);
        }
        foreach (var transaction in _late)
        {
            if (!_pending.Remove(transaction, out var pending))
                continue;
            Counters.TimedOut++;
            Fail(pending);
        }
    }

    private void Fail(Pending pending)
    {
        if (pending.IsVerification)
            _verifications--;
        if (pending.Expected is { } id)
            Table.Failed(id, pending.To);
        pending.Asker?.Unanswered(pending.To);
    }

    private void OnAnswer(KrpcMessage message, IPEndPoint from, TimeSpan now)
    {
        if (message.TransactionId.Length != 4
            || !_pending.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(message.TransactionId.Span), out var pending)
            || !pending.To.Equals(from))
        {
            Counters.Unsolicited++;
            _limiter.Charge(from.Address, 1, now);
            return;
        }
        _pending.Remove(BinaryPrimitives.ReadUInt32BigEndian(message.TransactionId.Span));
        if (message.Kind == KrpcKind.Error)
        {
            // It is there, though it did not like the question.
            if (pending.IsVerification)
                _verifications--;
            pending.Asker?.Unanswered(from);
            return;
        }
        if (message.Id == Id || (pending.Expected is { } expected && expected != message.Id))
        {
            Fail(pending);
            return;
        }
        if (pending.IsVerification)
            _verifications--;
        Table.Answered(new NodeContact(message.Id, from), now);
        LearnAddress(message, from, now);
        IntroduceToSibling(message, from, now);
        pending.Asker?.Answered(from, message);
    }

    private void OnQuery(KrpcMessage query, IPEndPoint from, TimeSpan now)
    {
        if (_options.ReadOnly || !_limiter.Charge(from.Address, 1, now) || !_limiter.ChargeAll(now))
        {
            Counters.Ignored++;
            return;
        }
        Counters.Answered++;
        switch (query.Method)
        {
            case KrpcMethod.Ping:
                Reply(KrpcMessage.Response(Id), query.TransactionId, from);
                break;
            case KrpcMethod.FindNode:
                Reply(WithNodes(KrpcMessage.Response(Id), query), query.TransactionId, from);
                break;
            case KrpcMethod.GetPeers:
                Reply(
                    WithNodes(KrpcMessage.Response(Id), query) with
                    {
                        Token = _tokens.Give(from.Address, now),
                        Peers = _store.Some(query.Target, Family == AddressFamily.InterNetwork ? MostPeersV4 : MostPeersV6, now),
                    },
                    query.TransactionId,
                    from);
                break;
            case KrpcMethod.AnnouncePeer when _tokens.IsGood(query.Token.Span, from.Address, now):
                _store.Add(query.Target, query.IsImpliedPort ? from : new IPEndPoint(from.Address, query.Port), now);
                Reply(KrpcMessage.Response(Id), query.TransactionId, from);
                break;
            case KrpcMethod.AnnouncePeer:
                Counters.BadTokens++;
                Reply(KrpcMessage.Error(KrpcErrorCode.Protocol, "Bad Token"), query.TransactionId, from);
                break;
            default:
                Reply(KrpcMessage.Error(KrpcErrorCode.MethodUnknown, "Method Unknown"), query.TransactionId, from);
                return;
        }
        // A stranger is taken in only once he has answered: the sender's address may be made up.
        var contact = new NodeContact(query.Id, from);
        if (!query.IsReadOnly && !Table.Heard(contact, now) && Table.Wants(contact))
            Verify(from, query.Id, now);
    }

    private KrpcMessage WithNodes(KrpcMessage answer, KrpcMessage query)
    {
        var own = Family == AddressFamily.InterNetwork ? KrpcWant.V4 : KrpcWant.V6;
        var want = query.Want == KrpcWant.None ? own : query.Want;
        if (want.HasFlag(KrpcWant.V4) && OfFamily(AddressFamily.InterNetwork) is { } v4)
            answer = answer with { Nodes = v4.Table.Nearest(query.Target, RoutingTable.BucketSize) };
        if (want.HasFlag(KrpcWant.V6) && OfFamily(AddressFamily.InterNetworkV6) is { } v6)
            answer = answer with { Nodes6 = v6.Table.Nearest(query.Target, RoutingTable.BucketSize) };
        return answer;
    }

    private DhtNode? OfFamily(AddressFamily family) => family == Family ? this : Sibling;

    private void Reply(KrpcMessage message, ReadOnlyMemory<byte> transaction, IPEndPoint to)
    {
        Counters.Sent++;
        _outlet.Send(message with { TransactionId = transaction, ExternalEndPoint = to, Version = Version }, to);
    }

    /// <summary>Hosts vote on our address. Once it is known, our id follows from it (BEP 42); the nodes that we know are kept.</summary>
    private void LearnAddress(KrpcMessage message, IPEndPoint from, TimeSpan now)
    {
        if (message.ExternalEndPoint is not { } external || external.AddressFamily != Family || DhtAddress.IsLocal(external.Address))
            return;
        if (!_address.Vote(from.Address, external.Address) || ExternalAddress is not { } own || SecureNodeId.IsValid(Id, own))
            return;
        var before = Table;
        Table = new RoutingTable(SecureNodeId.Create(own, _random), _options, now);
        foreach (var node in before.Nodes)
        {
            if (node.Failures == 0)
                Table.Answered(node.Contact, node.SeenAt);
        }
        _outlet.Refresh(this, Id);
    }

    /// <summary>While the other family's node knows few, it looks at those that are named to us.</summary>
    private void IntroduceToSibling(KrpcMessage message, IPEndPoint from, TimeSpan now)
    {
        if (Sibling is not { } sibling || sibling.Table.Count >= RoutingTable.BucketSize)
            return;
        var allowLocal = DhtAddress.IsLocal(from.Address);
        foreach (var contact in Family == AddressFamily.InterNetwork ? message.Nodes6 : message.Nodes)
        {
            if (DhtAddress.IsUsable(contact.EndPoint, sibling.Family, allowLocal) && sibling.Table.Wants(contact))
                sibling.Verify(contact.EndPoint, contact.Id, now);
        }
    }

    private sealed record Pending(IPEndPoint To, NodeId? Expected, IDhtAsker? Asker, bool IsVerification, TimeSpan SentAt);
}
