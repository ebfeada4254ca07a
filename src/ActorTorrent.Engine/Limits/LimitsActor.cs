using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Limits;

/// <summary>
/// The rate limits of one engine, for all its torrents and both directions: <see cref="BandwidthLimiter"/>s and who asked. Connections for
/// which no limit holds ask once and then not again until one does, so that an engine without limits pays nothing here.
/// </summary>
internal sealed class LimitsActor : ObservedReceiveActor, IWithTimers
{
    private readonly LimitOptions _options;
    private readonly TimeProvider _time;
    private readonly BandwidthLimiter[] _limiters;
    private readonly Dictionary<InfoHash, BandwidthGroup[]> _torrents = [];
    private readonly Dictionary<string, BandwidthPool[]> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<(InfoHash Torrent, int Session, TransferDirection Direction), BandwidthLane> _lanes = [];
    private readonly Dictionary<BandwidthLane, (int Session, TransferDirection Direction, IActorRef Ref)> _askers = [];
    private readonly List<BandwidthLane> _granted = [];
    private TimeSpan? _dueAt;

    public LimitsActor(LimitOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _limiters =
        [
            new BandwidthLimiter(options.Engine.Download, options.Peer.Download, options.Burst, Now),
            new BandwidthLimiter(options.Engine.Upload, options.Peer.Upload, options.Burst, Now),
        ];
        Receive<LimitsProtocol.Want>(OnWant);
        Receive<LimitsProtocol.GiveBack>(OnGiveBack);
        Receive<LimitsProtocol.Settle>(OnSettle);
        Receive<LimitsProtocol.Leave>(OnLeave);
        Receive<Due>(_ =>
        {
            _dueAt = null;
            DistributeAll();
        });
        Receive<LimitsProtocol.SetLimits>(set => Each((direction, limiter) => limiter.SetRate(set.Limits.Of(direction), Now)));
        Receive<LimitsProtocol.SetPeerLimits>(set => Each((direction, limiter) => limiter.SetPeerRate(set.Limits.Of(direction))));
        Receive<LimitsProtocol.SetTorrentLimits>(OnSetTorrentLimits);
        Receive<LimitsProtocol.SetTorrentTerms>(OnSetTorrentTerms);
        Receive<LimitsProtocol.SetGroup>(OnSetGroup);
        Receive<LimitsProtocol.ForgetTorrent>(forget =>
        {
            _torrents.Remove(forget.Torrent);
            // Its connections have left by themselves, unless their coordinator failed.
            foreach (var key in _lanes.Keys.Where(key => key.Torrent == forget.Torrent).ToArray())
                OnLeave(new LimitsProtocol.Leave(key.Torrent, key.Session, key.Direction));
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Limits;

    private TimeSpan Now => _time.GetElapsedTime(0);

    public static Props Props(LimitOptions options, TimeProvider time) => Akka.Actor.Props.Create(() => new LimitsActor(options, time));

    private BandwidthGroup GroupOf(InfoHash torrent, TransferDirection direction)
    {
        if (!_torrents.TryGetValue(torrent, out var groups))
            _torrents.Add(torrent, groups = NewGroups(_options.Torrent));
        return groups[(int)direction];
    }

    private BandwidthGroup[] NewGroups(RateLimits limits)
        => [_limiters[0].AddGroup(limits.Download, Now), _limiters[1].AddGroup(limits.Upload, Now)];

    private BandwidthPool[] PoolsOf(string name)
    {
        if (!_pools.TryGetValue(name, out var pools))
            _pools.Add(name, pools = [_limiters[0].AddPool(ByteRate.Unlimited, Now), _limiters[1].AddPool(ByteRate.Unlimited, Now)]);
        return pools;
    }

    private void OnWant(LimitsProtocol.Want want)
    {
        var limiter = _limiters[(int)want.Direction];
        var key = (want.Torrent, want.Session, want.Direction);
        if (!_lanes.TryGetValue(key, out var lane))
        {
            lane = limiter.AddLane(GroupOf(want.Torrent, want.Direction), Now);
            _lanes.Add(key, lane);
            _askers.Add(lane, (want.Session, want.Direction, Sender));
        }
        limiter.Want(lane, want.Bytes);
        Distribute(want.Direction);
    }

    private void OnGiveBack(LimitsProtocol.GiveBack back)
    {
        if (_lanes.TryGetValue((back.Torrent, back.Session, back.Direction), out var lane))
            _limiters[(int)back.Direction].GiveBack(lane, back.Bytes);
    }

    private void OnSettle(LimitsProtocol.Settle settle)
    {
        var limiter = _limiters[(int)settle.Direction];
        var group = GroupOf(settle.Torrent, settle.Direction);
        if (settle.Bytes > 0)
            limiter.Charge(group, settle.Bytes);
        else
            limiter.GiveBack(group, -settle.Bytes);
    }

    private void OnLeave(LimitsProtocol.Leave leave)
    {
        if (!_lanes.Remove((leave.Torrent, leave.Session, leave.Direction), out var lane))
            return;
        _limiters[(int)leave.Direction].Remove(lane);
        _askers.Remove(lane);
    }

    private void OnSetTorrentLimits(LimitsProtocol.SetTorrentLimits set)
    {
        var limits = set.Limits ?? _options.Torrent;
        if (_torrents.TryGetValue(set.Torrent, out var groups))
            Each((direction, _) => groups[(int)direction].SetRate(limits.Of(direction), Now));
        else
            _torrents.Add(set.Torrent, NewGroups(limits));
    }

    private void OnSetTorrentTerms(LimitsProtocol.SetTorrentTerms set)
    {
        var pools = set.Terms.Group is { } name ? PoolsOf(name) : null;
        Each((direction, _) =>
        {
            var group = GroupOf(set.Torrent, direction);
            group.Pool = pools?[(int)direction];
            group.HonorsAll = set.Terms.HonorsEngineLimits;
            group.Priority = set.Terms.Priority;
        });
    }

    private void OnSetGroup(LimitsProtocol.SetGroup set)
    {
        var pools = PoolsOf(set.Name);
        Each((direction, _) =>
        {
            pools[(int)direction].SetRate(set.Limits.Of(direction), Now);
            pools[(int)direction].HonorsAll = set.HonorsEngineLimits;
        });
    }

    /// <summary>Changes limits and tells those that were free and are so no longer.</summary>
    private void Each(Action<TransferDirection, BandwidthLimiter> change)
    {
        change(TransferDirection.Download, _limiters[0]);
        change(TransferDirection.Upload, _limiters[1]);
        foreach (var (lane, (session, direction, asker)) in _askers)
        {
            if (_limiters[(int)direction].Review(lane, Now))
                asker.Tell(new LimitsProtocol.Revoked(session, direction));
        }
        DistributeAll();
    }

    private void DistributeAll()
    {
        Distribute(TransferDirection.Download);
        Distribute(TransferDirection.Upload);
    }

    private void Distribute(TransferDirection direction)
    {
        _granted.Clear();
        var wait = _limiters[(int)direction].Distribute(Now, _granted);
        foreach (var lane in _granted)
        {
            var (session, _, asker) = _askers[lane];
            asker.Tell(new LimitsProtocol.Granted(session, direction, lane.Granted, lane.IsFree));
        }
        if (wait is not { } time)
            return;
        // Not for every block: what comes in meanwhile is granted together.
        var delay = time < _options.Interval ? _options.Interval : time;
        if (_dueAt is { } due && due <= Now + delay)
            return;
        _dueAt = Now + delay;
        Timers.StartSingleTimer(nameof(Due), Due.Instance, delay);
    }

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
