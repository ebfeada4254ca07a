using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Peers;

public sealed class RequestPipelineTests
{
    private const int Block = 16384;

    private readonly RequestPipeline _pipeline = new(new PeerOptions());

    [Fact]
    public void It_starts_with_one_batch()
    {
        Assert.True(_pipeline.IsSlowStart);
        Assert.Equal(16, _pipeline.Room(0, 0));
        Assert.Equal(0, _pipeline.Room(16, 0));
    }

    [Fact]
    public void A_fast_link_is_filled_within_a_few_rounds()
    {
        // Round trip 10 ms, no other limit: a round takes 10 ms whatever its size.
        var now = TimeSpan.Zero;
        var rounds = 0;
        while (_pipeline.Target < 500)
        {
            now += TimeSpan.FromMilliseconds(10);
            _pipeline.Received(_pipeline.Target, now);
            rounds++;
            Assert.True(rounds < 10, $"{_pipeline.Target} after {rounds} rounds");
        }
        Assert.InRange(rounds, 5, 6);
    }

    [Fact]
    public void Rounds_within_one_instant_grow_too()
    {
        for (var round = 0; round < 6; round++)
            _pipeline.Received(_pipeline.Target, TimeSpan.Zero);
        Assert.Equal(500, _pipeline.Target);
    }

    [Fact]
    public void A_slow_peer_stops_the_growth_and_is_asked_for_three_seconds_of_its_rate()
    {
        // 40 blocks a second, one by one.
        var now = TimeSpan.Zero;
        for (var i = 0; i < 400 && _pipeline.IsSlowStart; i++)
        {
            _pipeline.Received(1, now);
            now += TimeSpan.FromMilliseconds(25);
        }
        Assert.False(_pipeline.IsSlowStart);
        Assert.Equal(120, _pipeline.Room(0, 40 * Block));
        Assert.Equal(8, _pipeline.Room(0, 100));
        Assert.Equal(500, _pipeline.Room(0, 1e12));
    }

    [Fact]
    public void Requests_go_out_in_batches_and_the_queue_does_not_run_dry()
    {
        EndSlowStart();
        const double Rate = 100 * Block;
        Assert.Equal(300, _pipeline.Room(0, Rate));
        Assert.Equal(0, _pipeline.Room(264, Rate));
        Assert.Equal(37, _pipeline.Room(263, Rate));

        // A small queue is refilled at the half.
        Assert.Equal(0, _pipeline.Room(5, 0));
        Assert.Equal(4, _pipeline.Room(4, 0));
    }

    [Fact]
    public void The_peers_own_limit_holds()
    {
        _pipeline.LimitTo(5);
        Assert.Equal(5, _pipeline.Room(0, 0));
        EndSlowStart();
        Assert.Equal(5, _pipeline.Room(0, 1e9));
        _pipeline.Reset();
        Assert.Equal(5, _pipeline.Target);
        _pipeline.LimitTo(1_000_000);
        EndSlowStart();
        Assert.Equal(500, _pipeline.Room(0, 1e9));
    }

    [Fact]
    public void A_reset_starts_slow_again()
    {
        EndSlowStart();
        _pipeline.Reset();
        Assert.True(_pipeline.IsSlowStart);
        Assert.Equal(16, _pipeline.Target);
    }

    [Fact]
    public void Whatever_comes_the_target_stays_within_its_bounds()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>[]>(), ArbMap.Default.ArbFor<PositiveInt>(), (numbers, queue) =>
        {
            var pipeline = new RequestPipeline(new PeerOptions());
            pipeline.LimitTo(queue.Item);
            var max = Math.Min(queue.Item, 500);
            var now = TimeSpan.Zero;
            foreach (var number in numbers.Select(entry => entry.Item))
            {
                var random = new Random(number);
                now += TimeSpan.FromTicks(random.Next(3) * random.NextInt64(10_000_000));
                pipeline.Received(random.Next(1, 100), now);
                var outstanding = random.Next(600);
                var room = pipeline.Room(outstanding, random.NextDouble() * Math.Pow(10, random.Next(10)));
                Assert.InRange(pipeline.Target, Math.Min(8, max), max);
                Assert.True(room == 0 || room + outstanding == pipeline.Target, $"{room} more than {outstanding} for {pipeline.Target}");
                if (random.Next(50) == 0)
                    pipeline.Reset();
            }
        }).Check(Config.QuickThrowOnFailure);
    }

    private void EndSlowStart()
    {
        for (var now = TimeSpan.Zero; _pipeline.IsSlowStart; now += TimeSpan.FromSeconds(1))
            _pipeline.Received(1, now);
    }
}
