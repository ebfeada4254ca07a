using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// The endpoints that a torrent knows and what became of each: what outlives a peer's actor. Bounded; the least useful endpoint makes room.
/// One owner, the coordinator; time is passed in. Methods that take an endpoint that is not kept (any more) do nothing.
/// </summary>
internal sealed class PeerDirectory
{
    // What an endpoint takes with its places in lists and tables, about.
    private const int EntryBytes = 400;

    // Endpoints that are kept however little the budget has left.
    private const int Least = 50;

    private readonly PeerDirectoryOptions _options;
    private readonly Random _random;

    // An incoming peer whose listen port is known stands here twice: under that port and under the one it came from.
    private readonly Dictionary<IPEndPoint, DirectoryPeer> _byEndPoint = [];
    private readonly List<DirectoryPeer> _peers = [];
    private readonly HashSet<IPEndPoint> _self = [];
    private readonly Dictionary<IPAddress, string> _bannedAddresses = [];
    private readonly Dictionary<IPEndPoint, string> _bannedEndPoints = [];
    private readonly Queue<(IPAddress? Address, IPEndPoint? EndPoint)> _bans = [];
    private readonly PriorityQueue<DirectoryPeer, DirectoryPeer> _best = new(Comparer<DirectoryPeer>.Create(Compare));
    private readonly Dictionary<IPEndPoint, (int Failures, TimeSpan? NextDialAt, TimeSpan? GivenUpAt, string? LastFault)> _memory = [];
    private readonly Queue<IPEndPoint> _memoryOrder = new();
    private readonly ByteBudget? _budget;
    private IPEndPoint? _own;

    // Nobody is due before: a look at all of them each time that somebody comes or goes would cost more than the connection does.
    private TimeSpan _dueFrom;

    // Nothing that is kept is of less use than this, as far as anybody looked, since the last change that could make it so.
    private long _leastUse = long.MinValue;

    /// <summary>Starts empty.</summary>
    /// <param name="options">Bounds.</param>
    /// <param name="random">The source of chance.</param>
    /// <param name="budget">What the directories of all torrents may hold together: while it is spent, this one is as good as full. Null for no bound.</param>
    public PeerDirectory(PeerDirectoryOptions options, Random random, ByteBudget? budget = null)
    {
        _budget = budget;
        _options = options.Validated();
        _random = random;
    }

    /// <summary>The peers, in no particular order.</summary>
    public IReadOnlyList<DirectoryPeer> Peers => _peers;

    /// <summary>Hears of each endpoint that is forgotten, so that nobody waits for it to be dialled again.</summary>
    public Action<IPEndPoint>? Forgotten { get; init; }

    /// <summary>How many endpoints there are.</summary>
    public int Count => _peers.Count;

    /// <summary>How many bans are in force.</summary>
    public int Bans => _bans.Count;

    /// <summary>What is known of an endpoint, or null.</summary>
    public DirectoryPeer? Find(IPEndPoint endPoint) => _byEndPoint.GetValueOrDefault(Plain(endPoint));

    /// <summary>
    /// Adds an endpoint. Refused are: port 0; addresses that are no one host's (unspecified, multicast, broadcast, reserved); loopback,
    /// link-local and private ones unless <paramref name="allowLocal"/>; our own; banned ones; and, when full, one that is less useful than
    /// everything that is kept.
    /// </summary>
    /// <param name="endPoint">The endpoint; of an incoming connection the remote end.</param>
    /// <param name="source">Who named it. An incoming one is not dialled until someone else names it or its listen port is learned.</param>
    /// <param name="allowLocal">Whether the source is itself local, so that it may name local addresses.</param>
    /// <param name="now">The present. One that was given up at least <see cref="PeerDirectoryOptions.GivenUpPause"/> ago may be dialled once more.</param>
    /// <returns>Whether it is new.</returns>
    public bool Add(IPEndPoint endPoint, PeerSource source, bool allowLocal, TimeSpan now = default)
    {
        var key = Plain(endPoint);
        if (_byEndPoint.TryGetValue(key, out var known))
        {
            known.NamedBy(source);
            known.IsDialable |= source != PeerSource.Incoming;
            GiveAnotherChance(known, source, now);
            Consider(known);
            return false;
        }
        if (!IsUsable(key, allowLocal) || _self.Contains(key) || IsBanned(key))
            return false;
        var peer = new DirectoryPeer(key, source, Lot(key));
        Recall(peer);
        GiveAnotherChance(peer, source, now);
        if (IsFull && !MakeRoom(peer))
            return false;
        _byEndPoint.Add(key, peer);
        Keep(peer);
        Consider(peer);
        return true;
    }

    /// <summary>
    /// Hands out endpoints to dial: dialable, neither connected nor being dialled, not banned, due. Best first: trusted before distrusted,
    /// fewer failures, fewer attempts, the better source; then by lot. Each counts as being dialled until <see cref="Connected"/>,
    /// <see cref="RecordFailure"/> or <see cref="Disconnected"/> says what became of it.
    /// </summary>
    public IReadOnlyList<DirectoryPeer> TakeCandidates(int max, TimeSpan now)
    {
        if (max <= 0 || now < _dueFrom)
            return [];
        var due = 0;
        var next = TimeSpan.MaxValue;
        foreach (var peer in _peers)
        {
            if (!Waits(peer) || IsBanned(peer.EndPoint))
                continue;
            if (peer.NextDialAt > now)
            {
                next = peer.NextDialAt.Value < next ? peer.NextDialAt.Value : next;
                continue;
            }
            due++;
            if (_best.Count < max)
                _best.Enqueue(peer, peer);
            else
                _best.EnqueueDequeue(peer, peer);
        }
        _dueFrom = due > max ? TimeSpan.Zero : next;
        var taken = new DirectoryPeer[_best.Count];
        for (var place = taken.Length - 1; place >= 0; place--)
        {
            var peer = taken[place] = _best.Dequeue();
            peer.IsDialling = true;
            peer.Attempts++;
        }
        return taken;
    }

    /// <summary>Nobody is due before this: a look at less than all of them, for whoever only wants to know when to look again.</summary>
    public TimeSpan DueFrom => _dueFrom;

    /// <summary>When the next endpoint that waits is due; null when none does.</summary>
    public TimeSpan? NextDue()
    {
        TimeSpan? next = null;
        foreach (var peer in _peers)
        {
            if (Waits(peer) && (next is null || peer.NextDialAt < next) && !IsBanned(peer.EndPoint))
                next = peer.NextDialAt;
        }
        return next;
    }

    /// <summary>
    /// Where others see us: it is not dialled, and from now on the canonical priority (BEP 40) breaks ties among endpoints of its family.
    /// </summary>
    public void KnowOwn(IPEndPoint own)
    {
        Self(own);
        _own = Plain(own);
        foreach (var peer in _peers)
            peer.Lot = Lot(peer.EndPoint);
    }

    /// <summary>A connection to or from an endpoint stands, under a number.</summary>
    public void Connected(IPEndPoint endPoint, int number)
    {
        if (Find(endPoint) is not { } peer)
            return;
        peer.Number = number;
        peer.IsDialling = false;
    }

    /// <summary>The handshake told who it is.</summary>
    public void Identified(IPEndPoint endPoint, PeerId id)
    {
        if (Find(endPoint) is { } peer)
            peer.Id = id;
    }

    /// <summary>
    /// An incoming peer told on which port it listens: it is known under that port from now on, its history included, and until it
    /// disconnects under the old one, too.
    /// </summary>
    public void LearnListenPort(IPEndPoint endPoint, int port)
    {
        var from = Plain(endPoint);
        if (!_byEndPoint.TryGetValue(from, out var incoming) || incoming.IsDialable || port is <= 0 or > IPEndPoint.MaxPort)
            return;
        if (port == from.Port)
        {
            incoming.IsDialable = true;
            Consider(incoming);
            return;
        }
        var at = new IPEndPoint(from.Address, port);
        if (_self.Contains(at))
            return;
        if (!_byEndPoint.TryGetValue(at, out var peer))
        {
            peer = new DirectoryPeer(at, PeerSource.Incoming, Lot(at)) { IsDialable = true };
            _byEndPoint.Add(at, peer);
            Keep(peer);
        }
        else if (peer.IsConnected || peer.IsDialling)
        {
            // Two connections of one peer: who decides which of them stays needs both entries.
            return;
        }
        peer.Merge(incoming);
        peer.Number = incoming.Number;
        peer.Id = incoming.Id ?? peer.Id;
        peer.Trust = Math.Min(peer.Trust, incoming.Trust);
        peer.ConnectedFrom = from;
        Forget(incoming);
        _byEndPoint.Add(from, peer);
        Consider(peer);
    }

    /// <summary>A connection ended without fault: it may be dialled again at <paramref name="retryAt"/>, or never.</summary>
    public void Disconnected(IPEndPoint endPoint, TimeSpan? retryAt)
    {
        if (Find(endPoint) is not { } peer)
            return;
        peer.NextDialAt = retryAt;
        LetGo(peer);
    }

    /// <summary>Lets endpoints be dialled again whose connection ended for ever, though not for a fault: we want something of them once more.</summary>
    public void Revive()
    {
        foreach (var peer in _peers)
        {
            if (peer is { NextDialAt: null, Failures: 0 })
                peer.NextDialAt = TimeSpan.Zero;
        }
        _dueFrom = TimeSpan.Zero;
    }

    /// <summary>A dial or a connection failed. It may be dialled again after a while; when that is null it is given up: only when somebody names it anew, and not soon.</summary>
    /// <param name="endPoint">Which endpoint.</param>
    /// <param name="now">The present.</param>
    /// <param name="retryAfter">The pause, or null.</param>
    /// <param name="fault">What failed, to be shown.</param>
    public void RecordFailure(IPEndPoint endPoint, TimeSpan now, TimeSpan? retryAfter, string? fault = null)
    {
        if (Find(endPoint) is not { } peer)
            return;
        peer.Failures++;
        peer.LastFault = fault ?? peer.LastFault;
        peer.NextDialAt = now + retryAfter;
        peer.GivenUpAt = retryAfter is null ? now : null;
        LetGo(peer);
    }

    /// <summary>The peer worked (its handshake, say): failures before this count no more.</summary>
    public void RecordSuccess(IPEndPoint endPoint)
    {
        if (Find(endPoint) is not { } peer)
            return;
        peer.Failures = 0;
        peer.NextDialAt = TimeSpan.Zero;
        peer.GivenUpAt = null;
        Consider(peer);
    }

    /// <summary>Adds to a peer's trust: +1 for a good piece, −2 for a failed one. Returns the sum, which has an upper bound.</summary>
    public int AddTrust(IPEndPoint endPoint, int points)
    {
        if (Find(endPoint) is not { } peer)
            return 0;
        _leastUse = long.MinValue;
        peer.Trust = Math.Min(peer.Trust + points, _options.TrustCeiling);
        return peer.Trust;
    }

    /// <summary>Whether a peer has spoiled so much that it should give whole pieces alone.</summary>
    public bool IsOnParole(IPEndPoint endPoint) => Find(endPoint) is { } peer && peer.Trust <= _options.ParoleTrust;

    /// <summary>
    /// Bans the host at an endpoint, whatever its port. On 127.0.0.1 and ::1 only the endpoint, since every local peer shares those; other
    /// addresses of 127/8 count as hosts of their own.
    /// </summary>
    public void Ban(IPEndPoint endPoint, string reason)
    {
        var key = Plain(endPoint);
        if (IsBanned(key))
            return;
        _leastUse = long.MinValue;
        if (_bans.Count >= _options.BanCapacity)
        {
            var oldest = _bans.Dequeue();
            _dueFrom = TimeSpan.Zero;
            if (oldest.Address is not null)
                _bannedAddresses.Remove(oldest.Address);
            if (oldest.EndPoint is not null)
                _bannedEndPoints.Remove(oldest.EndPoint);
        }
        if (IsSharedLoopback(key.Address))
        {
            _bannedEndPoints.Add(key, reason);
            _bans.Enqueue((null, key));
        }
        else
        {
            _bannedAddresses.Add(key.Address, reason);
            _bans.Enqueue((key.Address, null));
        }
    }

    /// <summary>Whether an endpoint is banned.</summary>
    public bool IsBanned(IPEndPoint endPoint) => BanReason(endPoint) is not null;

    /// <summary>Why an endpoint is banned; null when it is not.</summary>
    public string? BanReason(IPEndPoint endPoint)
    {
        var key = Plain(endPoint);
        return IsSharedLoopback(key.Address) ? _bannedEndPoints.GetValueOrDefault(key) : _bannedAddresses.GetValueOrDefault(key.Address);
    }

    /// <summary>Marks an endpoint as our own: it is forgotten and not added again.</summary>
    public void Self(IPEndPoint endPoint)
    {
        var key = Plain(endPoint);
        if (_self.Count < _options.Capacity)
            _self.Add(key);
        if (_byEndPoint.TryGetValue(key, out var peer))
            Forget(peer);
    }

    /// <summary>Forgets an endpoint that is not connected.</summary>
    public void Drop(IPEndPoint endPoint)
    {
        if (Find(endPoint) is { IsConnected: false, IsDialling: false } peer)
            Forget(peer);
    }

    /// <summary>The end: what the endpoints had of the budget is given back.</summary>
    public void Leave()
    {
        _budget?.Return((long)_peers.Count * EntryBytes);
        _peers.Clear();
        _byEndPoint.Clear();
    }

    /// <summary>The greater is dialled first.</summary>
    private static int Compare(DirectoryPeer x, DirectoryPeer y)
    {
        var order = Math.Sign(x.Trust).CompareTo(Math.Sign(y.Trust));
        if (order == 0)
            order = y.Failures.CompareTo(x.Failures);
        if (order == 0)
            order = y.Attempts.CompareTo(x.Attempts);
        if (order == 0)
            order = ((int)y.Source).CompareTo((int)x.Source);
        return order == 0 ? x.Lot.CompareTo(y.Lot) : order;
    }

    private long Lot(IPEndPoint endPoint) =>
        _own?.AddressFamily == endPoint.AddressFamily ? PeerPriority.Of(_own, endPoint) : _random.NextInt64(uint.MaxValue);

    /// <summary>IPv4 mapped into IPv6 is the same host as plain.</summary>
    private static IPEndPoint Plain(IPEndPoint endPoint) => endPoint.Address.IsIPv4MappedToIPv6
        ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port)
        : endPoint;

    private static bool IsSharedLoopback(IPAddress address) => address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback);

    private static bool IsUsable(IPEndPoint endPoint, bool allowLocal)
    {
        if (endPoint.Port == 0)
            return false;
        var address = endPoint.Address;
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            Span<byte> bytes = stackalloc byte[4];
            _ = address.TryWriteBytes(bytes, out _);
            if (bytes[0] is 0 or >= 224)
                return false;
        }
        else if (address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast)
        {
            return false;
        }
        return allowLocal || !IsLocal(address);
    }

    /// <summary>Whether an address means something in a local network alone: loopback, private, link-local, carrier-grade NAT.</summary>
    public static bool IsLocal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily != AddressFamily.InterNetwork)
            return IPAddress.IsLoopback(plain) || plain.IsIPv6LinkLocal || plain.IsIPv6SiteLocal || plain.IsIPv6UniqueLocal;
        Span<byte> bytes = stackalloc byte[4];
        _ = plain.TryWriteBytes(bytes, out _);
        return IsLocal(bytes[0], bytes[1]);
    }

    private static bool IsLocal(byte first, byte second) => (first, second) is
        (10, _) or (127, _) or (172, >= 16 and <= 31) or (192, 168) or (169, 254) or (100, >= 64 and <= 127);

    /// <summary>
    /// Drops the least useful endpoint if it is less useful than the newcomer. Among equals the one that is there stays: a flood of names
    /// must not push out others of its kind.
    /// </summary>
    private bool MakeRoom(DirectoryPeer newcomer)
    {
        DirectoryPeer? least = null;
        var leastUse = UseOf(newcomer);
        // A flood of names is not to cost a search each.
        if (leastUse <= _leastUse)
            return false;
        var wanted = leastUse;
        foreach (var peer in _peers)
        {
            if (peer.IsConnected || peer.IsDialling)
                continue;
            var use = UseOf(peer);
            if (use >= leastUse)
                continue;
            least = peer;
            leastUse = use;
        }
        if (least is null)
        {
            _leastUse = wanted;
            return false;
        }
        Remember(least);
        Forget(least);
        return true;
    }

    /// <summary>An endpoint that failed must not be dialled at once because it was forgotten and named again.</summary>
    private void Remember(DirectoryPeer peer)
    {
        if (peer.Failures == 0)
        {
            _memory.Remove(peer.EndPoint);
            return;
        }
        if (!_memory.ContainsKey(peer.EndPoint))
        {
            if (_memoryOrder.Count >= _options.Capacity)
                _memory.Remove(_memoryOrder.Dequeue());
            _memoryOrder.Enqueue(peer.EndPoint);
        }
        _memory[peer.EndPoint] = (peer.Failures, peer.NextDialAt, peer.GivenUpAt, peer.LastFault);
    }

    private void Recall(DirectoryPeer peer)
    {
        if (_memory.TryGetValue(peer.EndPoint, out var was))
            (peer.Failures, peer.NextDialAt, peer.GivenUpAt, peer.LastFault) = was;
    }

    /// <summary>Somebody who is not the peer itself takes it for alive: one that was given up long enough ago may have come back.</summary>
    private void GiveAnotherChance(DirectoryPeer peer, PeerSource source, TimeSpan now)
    {
        if (source != PeerSource.Incoming && peer.NextDialAt is null && peer.GivenUpAt + _options.GivenUpPause <= now)
            peer.NextDialAt = now;
    }

    /// <summary>
    /// How much an endpoint is worth keeping: nothing if it will not be dialled again; else by trust, by fewer failures, by whether it ever
    /// worked, by source.
    /// </summary>
    private long UseOf(DirectoryPeer peer)
    {
        if (peer.NextDialAt is null || IsBanned(peer.EndPoint))
            return -1;
        if (!peer.IsDialable)
            return 0;
        var trust = Math.Sign(peer.Trust) + 1L;
        var success = int.MaxValue - (long)peer.Failures;
        return (trust << 40) + (success << 8) + (peer.Id is null ? 0 : 1 << 7) + (int)PeerSource.Pex - (int)peer.Source + 1;
    }

    private bool IsFull => _peers.Count >= _options.Capacity || (_peers.Count >= Least && _budget is { IsSpent: true });

    private static bool Waits(DirectoryPeer peer) => peer is { IsDialable: true, IsDialling: false, IsConnected: false, NextDialAt: not null };

    /// <summary>Something about it has changed: it may be due sooner than anybody else.</summary>
    private void Consider(DirectoryPeer peer)
    {
        if (Waits(peer) && peer.NextDialAt < _dueFrom)
            _dueFrom = peer.NextDialAt.Value;
    }

    private void Keep(DirectoryPeer peer)
    {
        _peers.Add(peer);
        _budget?.Take(EntryBytes);
    }

    private void LetGo(DirectoryPeer peer)
    {
        _leastUse = long.MinValue;
        peer.Number = null;
        peer.IsDialling = false;
        Consider(peer);
        if (peer.ConnectedFrom is null)
            return;
        _byEndPoint.Remove(peer.ConnectedFrom);
        peer.ConnectedFrom = null;
    }

    private void Forget(DirectoryPeer peer)
    {
        LetGo(peer);
        _byEndPoint.Remove(peer.EndPoint);
        if (!_peers.Remove(peer))
            return;
        _budget?.Return(EntryBytes);
        Forgotten?.Invoke(peer.EndPoint);
    }
}
