using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Tests.Scenarios;

public sealed class SwarmPlannerTests
{
    [Fact]
    public void The_same_seed_gives_the_same_schedule_byte_for_byte_and_another_seed_another()
    {
        foreach (var name in ScenarioReader.Known)
        {
            var scenario = ScenarioReader.Load(name);
            var once = SwarmPlanner.Plan(scenario, 5).Write(scenario, 5);
            Assert.Equal(once, SwarmPlanner.Plan(ScenarioReader.Load(name), 5).Write(scenario, 5));
            Assert.NotEqual(SwarmPlanner.Plan(scenario, 6).Write(scenario, 5), once);
        }
    }

    [Fact]
    public void Events_are_in_order_and_name_peers_that_exist()
    {
        foreach (var name in ScenarioReader.Known)
        {
            var scenario = ScenarioReader.Load(name);
            var plan = SwarmPlanner.Plan(scenario, scenario.Seed);
            Assert.Equal(plan.Events.OrderBy(happening => happening.At).Select(happening => happening.At), plan.Events.Select(happening => happening.At));
            Assert.All(plan.Events.SelectMany(happening => happening.Peers), peer => Assert.InRange(peer, 0, plan.Peers.Count - 1));
            Assert.Equal(plan.Peers.Count, plan.Peers.Select(peer => peer.Address).Distinct().Count());
            Assert.All(plan.Events, happening => Assert.InRange(happening.At, TimeSpan.Zero, TimeSpan.FromDays(1)));
        }
    }

    [Fact]
    public void The_first_write_up_is_13_23_6_7_1()
    {
        var plan = SwarmPlanner.Plan(ScenarioReader.Load("first-writeup-50"), 20);
        var outcomes = plan.Peers.CountBy(peer => Lab.Running.ExpectedOutcome.Of(peer.Script!).ToString()).ToDictionary();
        Assert.Equal(
            new Dictionary<string, int> { ["Ok"] = 13, ["ConnectTimeout"] = 12, ["HandshakeTimeout"] = 11, ["Refused"] = 6, ["Closed"] = 7, ["Reset"] = 1 },
            outcomes);
    }

    [Fact]
    public void A_fault_strikes_its_share_of_those_who_are_there_and_they_come_back()
    {
        var scenario = ScenarioReader.Parse("x", """
            { "name": "x", "duration": "20s",
              "swarm": [ { "name": "a", "count": 10 }, { "name": "b", "count": 10 }, { "name": "late", "count": 5, "arrival": { "at": "15s" } } ],
              "faults": [ { "kind": "kill", "at": "5s", "share": 0.3, "for": "2s", "every": "4s", "times": 2, "of": "a" }, { "kind": "partition", "at": "6s", "for": "10s" } ] }
            """);
        var plan = SwarmPlanner.Plan(scenario, 1);
        var leaves = plan.Events.Where(happening => happening.Action == PlannedAction.Leave).ToArray();
        Assert.Equal([5, 9], leaves.Select(happening => happening.At.TotalSeconds));
        Assert.Equal([3, 3], leaves.Select(happening => happening.Peers.Count));
        Assert.All(leaves[0].Peers, peer => Assert.Equal("a", plan.Peers[peer].Group));
        var cut = plan.Events.Single(happening => happening.Action == PlannedAction.CutOff);
        var mended = plan.Events.Single(happening => happening.Action == PlannedAction.Rejoin);
        Assert.Equal((6, 16, 20), (cut.At.TotalSeconds, mended.At.TotalSeconds, cut.Peers.Count));
        Assert.Equal(cut.Peers, mended.Peers);
        var back = plan.Events.Single(happening => happening.Action == PlannedAction.Arrive && happening.At == TimeSpan.FromSeconds(7));
        Assert.Equal(leaves[0].Peers, back.Peers);
        Assert.Equal("3 of 10 a killed (rst)", leaves[0].Fault);
    }

    [Theory]
    [InlineData(TimeDistributionKind.Exponential, 1, 10)]
    [InlineData(TimeDistributionKind.Weibull, 2, 8.862)]
    [InlineData(TimeDistributionKind.Constant, 1, 10)]
    public void Times_have_the_mean_of_their_distribution(TimeDistributionKind kind, double shape, double mean)
    {
        const int seed = 3;
        const int draws = 20_000;
        var random = new Random(seed);
        var distribution = new TimeDistribution { Kind = kind, Mean = TimeSpan.FromSeconds(10), Shape = shape };
        var average = Enumerable.Range(0, draws).Average(_ => distribution.Draw(random).TotalSeconds);
        Assert.InRange(average, mean * 0.97, mean * 1.03);
    }

    [Fact]
    public void Arrivals_follow_their_process()
    {
        var scenario = ScenarioReader.Parse("x", """
            { "name": "x", "duration": "1h",
              "swarm": [ { "name": "poisson", "count": 2000, "arrival": { "kind": "poisson", "perSecond": 10, "at": "5s" } },
                         { "name": "crowd", "count": 2000, "arrival": { "kind": "flash-crowd", "mean": "4s", "at": "1s" } } ] }
            """);
        var plan = SwarmPlanner.Plan(scenario, 1);
        var times = plan.Events.SelectMany(happening => happening.Peers.Select(peer => (plan.Peers[peer].Group, happening.At.TotalSeconds))).ToLookup(pair => pair.Group, pair => pair.TotalSeconds);
        Assert.InRange(times["poisson"].Max(), 5 + 180, 5 + 220);
        Assert.InRange(times["crowd"].Average(), 4.7, 5.3);
    }
}
