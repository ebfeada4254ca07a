using System.Net;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// The nodes that one node knows, many near it and few far away (BEP 5): buckets of eight, the one that holds our own place splits, and each has
/// a cache of nodes that take the place of one that fails. A bucket's nodes are good (heard of lately), questionable, or bad (left queries
/// unanswered); bad ones are not handed out and make room. One owner; time is passed in.
/// </summary>
/// <param name="own">Our place.</param>
/// <param name="options">Refresh interval, rules for addresses.</param>
/// <param name="start">The time.</param>
internal sealed class RoutingTable(NodeId own, DhtOptions options, TimeSpan start)
{
    /// <summary>Nodes in a bucket, and as many again in its cache.</summary>
    public const int BucketSize = 8;

    /// <summary>Nodes of one network (/24, /64) in a bucket.</summary>
    public const int NodesPerNetwork = 2;

    /// <summary>Unanswered queries in a row after which a node is bad.</summary>
    public const int BadFailures = 2;

    /// <summary>Unanswered queries in a row after which a node goes even if nobody takes its place.</summary>
    public const int MostFailures = 4;

    private readonly List<Bucket> _buckets = [new() { ChangedAt = start }];
    private readonly Dictionary<NodeId, TableNode> _byId = [];
    private readonly Dictionary<IPEndPoint, TableNode> _byEndPoint = [];
    private readonly Dictionary<IPAddress, int> _addresses = [];

    /// <summary>Our place.</summary>
    public NodeId Own => own;

    /// <summary>How many nodes there are, caches not counted.</summary>
    public int Count => _byId.Count;

    /// <summary>How many buckets there are.</summary>
    public int Buckets => _buckets.Count;

    /// <summary>How many nodes wait in caches.</summary>
    public int Cached
    {
        get
        {
            var cached = 0;
            foreach (var bucket in _buckets)
                cached += bucket.Cache.Count;
            return cached;
        }
    }

    /// <summary>The nodes, nearest bucket last.</summary>
    public IEnumerable<TableNode> Nodes => _buckets.SelectMany(static bucket => bucket.Nodes);

    /// <summary>The nodes of a bucket.</summary>
    public IReadOnlyList<TableNode> NodesOf(int bucket) => _buckets[bucket].Nodes;

    /// <summary>The cache of a bucket.</summary>
    public IReadOnlyList<NodeContact> CacheOf(int bucket) => _buckets[bucket].Cache;

    /// <summary>The bucket that a place belongs to.</summary>
    public int BucketOf(NodeId id) => Math.Min(own.CommonBits(id), _buckets.Count - 1);

    /// <summary>What is known of a node.</summary>
    public TableNode? Find(NodeId id) => _byId.GetValueOrDefault(id);

    /// <summary>A node answered a query: it is taken in, if there is room.</summary>
    /// <returns>Whether it is in the table now.</returns>
    public bool Answered(NodeContact contact, TimeSpan now)
    {
        if (_byId.TryGetValue(contact.Id, out var known))
        {
            if (known.EndPoint.Equals(contact.EndPoint))
            {
                known.SeenAt = now;
                known.Failures = 0;
                _buckets[BucketOf(known.Id)].ChangedAt = now;
                return true;
            }
            // Somebody else says that this is his id: the first one keeps it as long as it answers.
            if (known.Failures == 0)
                return false;
            Remove(known);
        }
        if (contact.Id == own || (options.EnforceNodeIds && !SecureNodeId.IsValid(contact.Id, contact.EndPoint.Address)))
            return false;
        if (_byEndPoint.TryGetValue(contact.EndPoint, out var before))
            Remove(before);
        return Insert(contact, now);
    }

    /// <summary>A node asked us something; it counts as alive if we know it from there.</summary>
    /// <returns>Whether we know it.</returns>
    public bool Heard(NodeContact contact, TimeSpan now)
    {
        if (!_byId.TryGetValue(contact.Id, out var known) || !known.EndPoint.Equals(contact.EndPoint))
            return false;
        // It may be behind something that lets its questions out and ours not in: only an answer takes failures back.
        if (known.Failures == 0)
            known.SeenAt = now;
        return true;
    }

    /// <summary>Whether a node that we do not know would be taken in if it answered.</summary>
    public bool Wants(NodeContact contact)
    {
        if (contact.Id == own || _byId.ContainsKey(contact.Id) || _byEndPoint.ContainsKey(contact.EndPoint))
            return false;
        if (options.EnforceNodeIds && !SecureNodeId.IsValid(contact.Id, contact.EndPoint.Address))
            return false;
        var index = BucketOf(contact.Id);
        var bucket = _buckets[index];
        if (!IsWelcome(contact.EndPoint.Address, bucket))
            return false;
        return bucket.Nodes.Count < BucketSize || CanSplit(index) || bucket.Nodes.Exists(static node => node.Failures > 0)
            || bucket.Cache.Count < BucketSize;
    }

    /// <summary>A node left a query unanswered, or answered as somebody else.</summary>
    public void Failed(NodeId id, IPEndPoint endPoint)
    {
        if (!_byId.TryGetValue(id, out var known) || !known.EndPoint.Equals(endPoint))
        {
            _buckets[BucketOf(id)].Cache.RemoveAll(contact => contact.Id == id && contact.EndPoint.Equals(endPoint));
            return;
        }
        known.Failures++;
        var bucket = _buckets[BucketOf(id)];
        if (known.Failures < BadFailures || (bucket.Cache.Count == 0 && known.Failures < MostFailures))
            return;
        Remove(known);
        Promote(bucket);
    }

    /// <summary>The good and questionable nodes nearest to a target, nearest first.</summary>
    /// <param name="target">The target.</param>
    /// <param name="count">How many at most.</param>
    public List<NodeContact> Nearest(NodeId target, int count)
    {
        var nearest = new List<NodeContact>(count);
        // Buckets by their distance from the target: its own, then all nearer to us (as far from it as each other), then those farther out.
        var first = BucketOf(target);
        Add(first, first);
        if (nearest.Count < count)
            Add(first + 1, _buckets.Count - 1);
        for (var i = first - 1; i >= 0 && nearest.Count < count; i--)
            Add(i, i);
        if (nearest.Count > count)
            nearest.RemoveRange(count, nearest.Count - count);
        return nearest;

        void Add(int from, int to)
        {
            var sorted = nearest.Count;
            for (var i = from; i <= to; i++)
            {
                foreach (var node in _buckets[i].Nodes)
                {
                    if (node.Failures < BadFailures)
                        nearest.Add(node.Contact);
                }
            }
            nearest.Sort(sorted, nearest.Count - sorted, Comparer<NodeContact>.Create((x, y) => NodeId.CompareDistance(target, x.Id, y.Id)));
        }
    }

    /// <summary>
    /// The node to look after now, if there is one: not heard of for the refresh interval, or in doubt, and left alone for a while. It counts
    /// as looked after.
    /// </summary>
    public TableNode? TakeQuestionable(TimeSpan now)
    {
        TableNode? worst = null;
        foreach (var bucket in _buckets)
        {
            foreach (var node in bucket.Nodes)
            {
                if ((node.Failures > 0 || node.SeenAt + options.RefreshInterval <= now)
                    && (node.PingedAt == TimeSpan.MinValue || node.PingedAt + (2 * options.QueryTimeout) <= now)
                    && (worst is null || node.SeenAt < worst.SeenAt))
                {
                    worst = node;
                }
            }
        }
        if (worst is not null)
            worst.PingedAt = now;
        return worst;
    }

    /// <summary>A place in a bucket that has not changed for the refresh interval, if there is one; the bucket counts as refreshed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="random">Where in the bucket.</param>
    public NodeId? TakeRefresh(TimeSpan now, RandomFill random)
    {
        for (var i = 0; i < _buckets.Count; i++)
        {
            if (_buckets[i].ChangedAt + options.RefreshInterval > now)
                continue;
            _buckets[i].ChangedAt = now;
            Span<byte> bytes = stackalloc byte[NodeId.Length];
            random(bytes);
            return own.WithCommonBits(i, new NodeId(bytes));
        }
        return null;
    }

    private bool Insert(NodeContact contact, TimeSpan now)
    {
        while (true)
        {
            var index = BucketOf(contact.Id);
            var bucket = _buckets[index];
            if (!IsWelcome(contact.EndPoint.Address, bucket))
                return false;
            if (bucket.Nodes.Count < BucketSize)
            {
                Add(bucket, contact, now);
                return true;
            }
            if (CanSplit(index))
            {
                Split();
                continue;
            }
            var isSecure = SecureNodeId.IsValid(contact.Id, contact.EndPoint.Address);
            if (Replaceable(bucket, isSecure) is { } loser)
            {
                Remove(loser);
                Add(bucket, contact, now);
                return true;
            }
            bucket.Cache.RemoveAll(cached => cached.Id == contact.Id || cached.EndPoint.Equals(contact.EndPoint));
            if (bucket.Cache.Count == BucketSize)
                bucket.Cache.RemoveAt(0);
            bucket.Cache.Add(contact);
            return false;
        }
    }

    /// <summary>The node that a new one takes the place of: the worst bad one; for a secure new one also one that is not.</summary>
    private static TableNode? Replaceable(Bucket bucket, bool forSecure)
    {
        TableNode? worst = null;
        foreach (var node in bucket.Nodes)
        {
            if ((node.Failures >= BadFailures || (forSecure && !node.IsSecure)) && (worst is null || node.Failures > worst.Failures))
                worst = node;
        }
        return worst;
    }

    private bool IsWelcome(IPAddress address, Bucket bucket)
    {
        if (!options.RestrictAddresses)
            return true;
        if (_addresses.ContainsKey(address))
            return false;
        var network = DhtAddress.NetworkOf(address);
        var same = 0;
        foreach (var node in bucket.Nodes)
        {
            if (DhtAddress.NetworkOf(node.EndPoint.Address) == network)
                same++;
        }
        return same < NodesPerNetwork;
    }

    /// <summary>Only the bucket that holds our own place splits. That it does so again and again ends, as ids differ.</summary>
    private bool CanSplit(int index) => index == _buckets.Count - 1 && _buckets.Count < NodeId.Bits;

    private void Split()
    {
        var depth = _buckets.Count - 1;
        var old = _buckets[depth];
        var fresh = new Bucket { ChangedAt = old.ChangedAt };
        _buckets.Add(fresh);
        Move(old.Nodes, fresh.Nodes, static node => node.Id);
        Move(old.Cache, fresh.Cache, static contact => contact.Id);
        Promote(old);
        Promote(fresh);

        void Move<T>(List<T> from, List<T> to, Func<T, NodeId> idOf)
        {
            to.AddRange(from.Where(item => own.CommonBits(idOf(item)) > depth));
            from.RemoveAll(item => own.CommonBits(idOf(item)) > depth);
        }
    }

    /// <summary>Fills a bucket from its cache, the latest first. They answered once; that they still do is seen when they are asked.</summary>
    private void Promote(Bucket bucket)
    {
        for (var i = bucket.Cache.Count - 1; i >= 0 && bucket.Nodes.Count < BucketSize; i--)
        {
            var contact = bucket.Cache[i];
            bucket.Cache.RemoveAt(i);
            if (!_byId.ContainsKey(contact.Id) && !_byEndPoint.ContainsKey(contact.EndPoint) && IsWelcome(contact.EndPoint.Address, bucket))
                Add(bucket, contact, bucket.ChangedAt);
        }
    }

    private void Add(Bucket bucket, NodeContact contact, TimeSpan now)
    {
        var node = new TableNode(contact, now);
        bucket.Cache.RemoveAll(cached => cached.Id == contact.Id || cached.EndPoint.Equals(contact.EndPoint));
        bucket.Nodes.Add(node);
        bucket.ChangedAt = now;
        _byId.Add(contact.Id, node);
        _byEndPoint.Add(contact.EndPoint, node);
        _addresses[contact.EndPoint.Address] = _addresses.GetValueOrDefault(contact.EndPoint.Address) + 1;
    }

    private void Remove(TableNode node)
    {
        _buckets[BucketOf(node.Id)].Nodes.Remove(node);
        _byId.Remove(node.Id);
        _byEndPoint.Remove(node.EndPoint);
        if (--_addresses[node.EndPoint.Address] == 0)
            _addresses.Remove(node.EndPoint.Address);
    }

    private sealed class Bucket
    {
        public List<TableNode> Nodes { get; } = new(BucketSize);

        public List<NodeContact> Cache { get; } = [];

        public TimeSpan ChangedAt { get; set; }
    }
}
