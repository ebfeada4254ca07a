using ActorTorrent.Engine.Limits;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Limits;

public sealed class BandwidthLimiterTests
{
    private const int Block = BandwidthLimiter.Turn;

    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<BandwidthLane> _granted = [];

    [Fact]
    public void Without_limits_a_lane_is_free_at_once()
    {
        var limiter = LimiterOf(default);
        var lane = limiter.AddLane(limiter.AddGroup(default, TimeSpan.Zero), TimeSpan.Zero);
        limiter.Want(lane, 5 * Block);
        Assert.Null(limiter.Distribute(TimeSpan.Zero, _granted));
        Assert.Same(lane, Assert.Single(_granted));
        Assert.True(lane.IsFree);
        Assert.Equal(5 * Block, lane.Granted);
    }

    [Fact]
    public void A_limit_that_comes_revokes_and_one_that_goes_frees()
    {
        var limiter = LimiterOf(default);
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var lane = limiter.AddLane(group, TimeSpan.Zero);
        limiter.Want(lane, 1);
        limiter.Distribute(TimeSpan.Zero, _granted);
        group.SetRate(new ByteRate(Block), TimeSpan.Zero);
        Assert.True(limiter.Review(lane, TimeSpan.Zero));
        Assert.False(limiter.Review(lane, TimeSpan.Zero));
        _granted.Clear();
        limiter.Want(lane, Block);
        Assert.Equal(Second, limiter.Distribute(TimeSpan.Zero, _granted));
        Assert.Empty(_granted);
        group.SetRate(default, TimeSpan.Zero);
        Assert.Null(limiter.Distribute(TimeSpan.Zero, _granted));
        Assert.True(lane.IsFree);
    }

    [Fact]
    public void Each_gets_the_same_however_much_it_asks_for()
    {
        var limiter = LimiterOf(new ByteRate(100 * Block));
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var lanes = Enumerable.Range(0, 10).Select(_ => limiter.AddLane(group, TimeSpan.Zero)).ToArray();
        foreach (var (i, lane) in lanes.Index())
            limiter.Want(lane, (i + 1) * 1000L * Block);
        var got = Run(limiter, Second * 10, lanes);
        Assert.All(got, bytes => Assert.InRange(bytes, 99L * Block, 101L * Block));
    }

    [Fact]
    public void A_torrent_at_its_limit_does_not_hold_up_another()
    {
        var limiter = LimiterOf(new ByteRate(100 * Block));
        var slow = limiter.AddGroup(new ByteRate(10 * Block), TimeSpan.Zero);
        var fast = limiter.AddGroup(default, TimeSpan.Zero);
        var lanes = new[] { limiter.AddLane(slow, TimeSpan.Zero), limiter.AddLane(slow, TimeSpan.Zero), limiter.AddLane(fast, TimeSpan.Zero) };
        foreach (var lane in lanes)
            limiter.Want(lane, 10_000L * Block);
        var got = Run(limiter, Second * 10, lanes);
        Assert.InRange(got[0] + got[1], 98L * Block, 100L * Block);
        Assert.InRange(got[2], 895L * Block, 902L * Block);
    }

    [Fact]
    public void A_peers_own_limit_holds_and_leaves_the_rest_to_others()
    {
        var limiter = new BandwidthLimiter(new ByteRate(100 * Block), new ByteRate(30 * Block), Burst, TimeSpan.Zero);
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var lanes = Enumerable.Range(0, 3).Select(_ => limiter.AddLane(group, TimeSpan.Zero)).ToArray();
        foreach (var lane in lanes)
            limiter.Want(lane, 10_000L * Block);
        Assert.All(Run(limiter, Second * 10, lanes), bytes => Assert.InRange(bytes, 295L * Block, 300L * Block));
    }

    [Fact]
    public void Priority_says_who_gets_how_much_and_nobody_gets_nothing()
    {
        var limiter = LimiterOf(new ByteRate(105 * Block));
        var lanes = new[] { BandwidthPriority.Low, BandwidthPriority.Normal, BandwidthPriority.High }.Select(priority =>
        {
            var group = limiter.AddGroup(default, TimeSpan.Zero);
            group.Priority = priority;
            return limiter.AddLane(group, TimeSpan.Zero);
        }).ToArray();
        foreach (var lane in lanes)
            limiter.Want(lane, 10_000L * Block);
        // 1 : 4 : 16 of 105 blocks a second.
        var got = Run(limiter, Second * 10, lanes);
        Assert.InRange(got[0], 45L * Block, 55L * Block);
        Assert.InRange(got[1], 190L * Block, 210L * Block);
        Assert.InRange(got[2], 780L * Block, 820L * Block);
    }

    [Fact]
    public void Low_priority_alone_gets_all()
    {
        var limiter = LimiterOf(new ByteRate(100 * Block));
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        group.Priority = BandwidthPriority.Low;
        var lane = limiter.AddLane(group, TimeSpan.Zero);
        limiter.Want(lane, 10_000L * Block);
        Assert.InRange(Run(limiter, Second * 10, [lane])[0], 995L * Block, 1000L * Block);
    }

    [Fact]
    public void A_bandwidth_group_shares_one_limit_and_holds_up_nobody_else()
    {
        var limiter = LimiterOf(new ByteRate(100 * Block));
        var pool = limiter.AddPool(new ByteRate(10 * Block), TimeSpan.Zero);
        var lanes = Enumerable.Range(0, 3).Select(torrent =>
        {
            var group = limiter.AddGroup(default, TimeSpan.Zero);
            group.Pool = torrent < 2 ? pool : null;
            return limiter.AddLane(group, TimeSpan.Zero);
        }).ToArray();
        foreach (var lane in lanes)
            limiter.Want(lane, 10_000L * Block);
        var got = Run(limiter, Second * 10, lanes);
        Assert.All(got[..2], bytes => Assert.InRange(bytes, 48L * Block, 51L * Block));
        Assert.InRange(got[2], 895L * Block, 902L * Block);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_does_not_honour_the_common_limit_is_not_held_up_by_it_and_takes_nothing_from_it(bool byGroup)
    {
        var limiter = LimiterOf(new ByteRate(10 * Block));
        var (bound, exempt) = (limiter.AddGroup(default, TimeSpan.Zero), limiter.AddGroup(new ByteRate(50 * Block), TimeSpan.Zero));
        if (byGroup)
        {
            exempt.Pool = limiter.AddPool(default, TimeSpan.Zero);
            exempt.Pool.HonorsAll = false;
        }
        else
        {
            exempt.HonorsAll = false;
        }
        var lanes = new[] { limiter.AddLane(bound, TimeSpan.Zero), limiter.AddLane(bound, TimeSpan.Zero), limiter.AddLane(exempt, TimeSpan.Zero) };
        foreach (var lane in lanes)
            limiter.Want(lane, 10_000L * Block);
        var got = Run(limiter, Second * 10, lanes);
        Assert.All(got[..2], bytes => Assert.InRange(bytes, 48L * Block, 51L * Block));
        Assert.InRange(got[2], 495L * Block, 500L * Block);

        // From now on it honours it: it asks as the others do.
        exempt.HonorsAll = true;
        exempt.Pool = null;
        exempt.SetRate(default, Second * 10);
        Assert.All(lanes, lane => Assert.False(limiter.Review(lane, Second * 10)));
        var before = lanes[2].Wanted;
        Assert.NotNull(limiter.Distribute(Second * 10, _granted));
        Assert.InRange(before - lanes[2].Wanted, 0, 3L * Block);
    }

    [Fact]
    public void Small_requests_do_not_starve_a_large_one()
    {
        var limiter = LimiterOf(new ByteRate(Block));
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var small = Enumerable.Range(0, 4).Select(_ => limiter.AddLane(group, TimeSpan.Zero)).ToArray();
        var large = limiter.AddLane(group, TimeSpan.Zero);
        var got = 0L;
        limiter.Want(large, 100L * Block);
        for (var now = TimeSpan.Zero; now < Second * 20; now += Second / 50)
        {
            foreach (var lane in small)
            {
                if (lane.Wanted == 0)
                    limiter.Want(lane, Block / 64);
            }
            _granted.Clear();
            limiter.Distribute(now, _granted);
            if (_granted.Contains(large))
                got += large.Granted;
        }
        Assert.InRange(got, 15L * Block, 20L * Block);
    }

    [Fact]
    public void What_is_given_back_is_had_by_another()
    {
        var limiter = LimiterOf(new ByteRate(Block));
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var (one, two) = (limiter.AddLane(group, TimeSpan.Zero), limiter.AddLane(group, TimeSpan.Zero));
        limiter.Want(one, Block);
        limiter.Want(two, Block);
        limiter.Distribute(Second, _granted);
        Assert.Same(one, Assert.Single(_granted));
        limiter.GiveBack(one, Block);
        _granted.Clear();
        limiter.Distribute(Second, _granted);
        Assert.Same(two, Assert.Single(_granted));
    }

    [Fact]
    public void What_was_moved_unasked_is_waited_for()
    {
        var limiter = LimiterOf(new ByteRate(Block));
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var lane = limiter.AddLane(group, TimeSpan.Zero);
        limiter.Charge(group, 9 * Block);
        limiter.Want(lane, Block);
        Assert.Equal(Second * 10, limiter.Distribute(TimeSpan.Zero, _granted));
        limiter.Distribute(Second * 10, _granted);
        Assert.Single(_granted);
    }

    [Fact]
    public void A_lane_that_left_waits_no_more()
    {
        var limiter = LimiterOf(new ByteRate(Block));
        var lane = limiter.AddLane(limiter.AddGroup(default, TimeSpan.Zero), TimeSpan.Zero);
        limiter.Want(lane, Block);
        limiter.Remove(lane);
        Assert.Null(limiter.Distribute(Second * 5, _granted));
        Assert.Empty(_granted);
    }

    [Fact]
    public void Sharing_out_allocates_nothing()
    {
        var limiter = LimiterOf(new ByteRate(1000 * Block));
        var group = limiter.AddGroup(default, TimeSpan.Zero);
        var lanes = Enumerable.Range(0, 200).Select(_ => limiter.AddLane(group, TimeSpan.Zero)).ToArray();
        var second = 0;
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 50; i++)
                Round(TimeSpan.FromSeconds(++second));
        }));

        void Round(TimeSpan now)
        {
            foreach (var lane in lanes)
                limiter.Want(lane, 3 * Block);
            _granted.Clear();
            limiter.Distribute(now, _granted);
        }
    }

    /// <summary>
    /// Whatever is asked, given back, changed, and however late the clock is looked at: no limit is passed at any level, all that is allowed
    /// is had as long as somebody wants it, and nobody waits for ever.
    /// </summary>
    [Fact]
    public void Any_sequence_keeps_every_limit_and_starves_nobody()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>[]>(), numbers =>
        {
            var model = new BandwidthModel(new Random(numbers.Length), Burst);
            foreach (var number in numbers.Select(entry => entry.Item))
                model.Apply(new Random(number));
            model.Finish();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(300));
    }

    private static BandwidthLimiter LimiterOf(ByteRate rate) => new(rate, default, Burst, TimeSpan.Zero);

    /// <summary>Runs for a time, waking up when told; what each lane got.</summary>
    private long[] Run(BandwidthLimiter limiter, TimeSpan time, BandwidthLane[] lanes)
    {
        var got = new long[lanes.Length];
        var now = TimeSpan.Zero;
        while (now <= time)
        {
            _granted.Clear();
            var wait = limiter.Distribute(now, _granted);
            foreach (var lane in _granted)
                got[Array.IndexOf(lanes, lane)] += lane.Granted;
            Assert.True(wait > TimeSpan.Zero);
            now += wait.Value;
        }
        return got;
    }
}
