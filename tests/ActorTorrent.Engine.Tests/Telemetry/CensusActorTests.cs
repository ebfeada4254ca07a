using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Telemetry;

public sealed class CensusActorTests : TestKit
{
    private static readonly TelemetryOptions Options = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IActorRef _root;

    public CensusActorTests()
        : base(TestConfigs.TestSchedulerConfig) => _root = Sys.ActorOf(Member.Props(Options), "root");

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task It_lists_each_actor_below_its_parent_with_kind_and_state()
    {
        var parent = await Spawn(_root, "peer-1");
        await Spawn(_root, "peer-10");
        var child = await Spawn(parent, "connection-2");
        child.Tell(new Member.Rest());

        var census = await Take();

        Assert.Equal(["", "census", "peer-1", "peer-1/connection-2", "peer-10"], census.Actors.Select(a => a.Path));
        Assert.Equal([0, 1, 1, 2, 1], census.Actors.Select(a => a.Depth));
        Assert.Equal(["engine", "census", "peer-1", "connection-2", "peer-10"], census.Actors.Select(a => a.Name));
        Assert.Equal(["Working", "Counting", "Working", "Resting", "Working"], census.Actors.Select(a => a.State));
        Assert.Equal(3, census.Count(ActorKind.Peer));
        Assert.Equal(1, census.Count(ActorKind.Engine));
        Assert.All(census.Actors, a => Assert.False(a.IsWaiting));
        Assert.All(census.Actors, a => Assert.Null(a.LastFault));
    }

    [Fact]
    public async Task Restarts_are_counted_though_nobody_looks_and_the_last_fault_is_kept()
    {
        var member = await Spawn(_root, "peer-1");
        member.Tell(new Member.Fail("first"));
        member.Tell(new Member.Fail("second"));
        await member.Ask<ActorIdentity>(new Identify(1), Patience);

        var status = Assert.Single((await Take()).Actors, a => a.Path == "peer-1");

        Assert.Equal(2, status.Restarts);
        Assert.Equal("InvalidOperationException: second", status.LastFault!.Cause);
        Assert.Equal("Working", status.State);
        Assert.Equal(2, (await Take()).Restarts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counts_are_right_through_churn(int seed)
    {
        var random = new Random(seed);
        var live = new Dictionary<string, (IActorRef Actor, int Restarts)>(StringComparer.Ordinal);
        var restarts = 0;
        for (var step = 0; step < 200; step++)
        {
            var at = live.Count == 0 ? null : live.Keys.ElementAt(random.Next(live.Count));
            switch (random.Next(4))
            {
                case 0 or 1:
                    var name = $"peer-{step}";
                    var isBelow = at is not null && random.Next(2) == 0;
                    live.Add(isBelow ? $"{at}/{name}" : name, (await Spawn(isBelow ? live[at!].Actor : _root, name), 0));
                    break;
                case 2 when at is not null:
                    // A restart ends the children.
                    live[at].Actor.Tell(new Member.Fail("churn"));
                    await live[at].Actor.Ask<ActorIdentity>(new Identify(1), Patience);
                    live[at] = (live[at].Actor, live[at].Restarts + 1);
                    restarts++;
                    RemoveBelow(at);
                    break;
                case 3 when at is not null:
                    Assert.True(await live[at].Actor.GracefulStop(Patience));
                    RemoveBelow(at);
                    live.Remove(at);
                    break;
            }
            if (step % 10 == 0)
                await AssertIsCounted();
        }
        await AssertIsCounted();

        void RemoveBelow(string path)
        {
            foreach (var below in live.Keys.Where(k => k.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
                live.Remove(below);
        }

        async Task AssertIsCounted()
        {
            var census = await Take();
            Assert.True(restarts == census.Restarts, $"seed {seed}: {census.Restarts} restarts, not {restarts}");
            var expected = live.Select(l => (l.Key, l.Value.Restarts)).OrderBy(l => l.Key, StringComparer.Ordinal);
            var found = census.Actors.Where(a => a.Kind == ActorKind.Peer).Select(a => (a.Path, a.Restarts)).OrderBy(a => a.Path, StringComparer.Ordinal);
            Assert.True(expected.SequenceEqual(found), $"seed {seed}: {string.Join(", ", found)}\nnot {string.Join(", ", expected)}");
            Assert.Equal(live.Count + 2, census.Actors.Count);
        }
    }

    [Fact]
    public async Task A_stuck_actor_is_shown_as_waiting_and_gathers_no_probes()
    {
        using var gate = new ManualResetEventSlim();
        var stuck = await Spawn(_root, "peer-1");
        await Spawn(stuck, "connection-1");
        var watcher = CreateTestProbe();
        _root.Tell(CensusProtocol.Watch.Instance, watcher);
        var before = watcher.ExpectMsg<ActorCensus>(Patience);
        Assert.Equal(4, before.Probes);
        try
        {
            stuck.Tell(new Member.Block(gate));
            TimeSpan last = TimeSpan.Zero;
            for (var round = 1; round <= 3; round++)
            {
                Clock.Advance(Options.CensusInterval);
                // Time passes until the others have answered and the count gives the stuck one up.
                ActorCensus? census = null;
                await AwaitAssertAsync(() =>
                {
                    Clock.Advance(Options.AnswerTimeout);
                    census = watcher.ExpectMsg<ActorCensus>(TimeSpan.FromMilliseconds(50));
                    Assert.All(census.Actors, actor => Assert.Equal(actor.Path == "peer-1", actor.IsWaiting));
                    return Task.CompletedTask;
                }, Patience);
                var status = Assert.Single(census!.Actors, a => a.Path == "peer-1");
                Assert.True(status.IsWaiting);
                Assert.True(status.Wait >= last);
                Assert.Equal(status, census.Slowest);
                Assert.Contains(census.Actors, a => a.Path == "peer-1/connection-1");
                last = status.Wait;
            }
        }
        finally
        {
            gate.Set();
        }
        await AwaitAssertAsync(async () => Assert.All((await Take()).Actors, a => Assert.False(a.IsWaiting)), Patience);
    }

    [Fact]
    public async Task While_nobody_looks_nothing_is_sent()
    {
        await Spawn(_root, "peer-1");
        var watcher = CreateTestProbe();
        _root.Tell(CensusProtocol.Watch.Instance, watcher);
        Assert.Equal(3, watcher.ExpectMsg<ActorCensus>(Patience).Probes);
        Clock.Advance(Options.CensusInterval);
        Assert.Equal(6, watcher.ExpectMsg<ActorCensus>(Patience).Probes);

        Assert.True(await watcher.Ref.GracefulStop(Patience));

        // Once it has heard of the end, only what is asked for costs anything, however much time passes.
        await AwaitAssertAsync(async () =>
        {
            var probes = (await Take()).Probes;
            Clock.Advance(Options.CensusInterval * 100);
            Assert.Equal(probes + 3, (await Take()).Probes);
        }, Patience);
    }

    [Fact]
    public async Task Being_observed_allocates_nothing_a_message()
    {
        var member = await Spawn(_root, "peer-1");
        Assert.Equal(0, await member.Ask<long>(new Member.Spend(100_000), Patience));
    }

    [Fact]
    public async Task A_census_that_fails_keeps_its_watchers()
    {
        var watcher = CreateTestProbe();
        _root.Tell(CensusProtocol.Watch.Instance, watcher);
        watcher.ExpectMsg<ActorCensus>(Patience);
        var census = await Sys.ActorSelection(_root.Path / "census").ResolveOne(Patience);

        census.Tell(Kill.Instance);

        watcher.ExpectMsg<ActorCensus>(Patience);
        await Spawn(_root, "peer-1");
        await AwaitAssertAsync(() =>
        {
            Clock.Advance(Options.CensusInterval);
            Assert.Equal(1, watcher.ExpectMsg<ActorCensus>(TimeSpan.FromMilliseconds(200)).Count(ActorKind.Peer));
            return Task.CompletedTask;
        }, Patience);
    }

    private Task<ActorCensus> Take() => _root.Ask<ActorCensus>(CensusProtocol.Take.Instance, Patience);

    private static Task<IActorRef> Spawn(IActorRef parent, string name) => parent.Ask<IActorRef>(new Member.Spawn(name), Patience);
}
