using System.Diagnostics;
using Xunit.Abstractions;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class DhtSimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_thousand_nodes_of_which_a_third_are_dead_or_lying_find_what_was_announced(int seed)
    {
        var plan = new SimulationPlan { Seed = seed };
        var clock = Stopwatch.StartNew();
        var result = new DhtSimulation(plan).Run();
        var sizes = result.TableSizes;
        output.WriteLine(FormattableString.Invariant(
            $"seed {plan.Seed}, {plan.Nodes} nodes: {result.Found} of {result.Lookups} lookups found it; {result.QueriesPerLookup:f1} queries a lookup (most {result.MostQueries}), {result.SecondsPerLookup:f2} s; tables {sizes[0]}..{sizes[sizes.Count / 2]}..{sizes[^1]} nodes, {result.BadShare:p1} of them bad; most in flight {result.MostFlight}; {result.Datagrams} datagrams; {clock.Elapsed.TotalSeconds:f1} s of real time; trace {result.Trace:x16}"));
        Assert.Equal(plan.Lookups, result.Lookups);
        Assert.True(result.Found >= 0.99 * plan.Lookups, $"seed {plan.Seed}: {result.Found} of {plan.Lookups}");
        Assert.InRange(result.QueriesPerLookup, 8, 40);
        Assert.InRange(sizes[^1], 1, 400);
        Assert.InRange(result.MostFlight, 1, 200);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var plan = new SimulationPlan { Seed = 7, Nodes = 150, Torrents = 10, Lookups = 20, Joining = TimeSpan.FromMinutes(1), Phase = TimeSpan.FromMinutes(1) };
        var first = new DhtSimulation(plan).Run();
        var second = new DhtSimulation(plan).Run();
        var other = new DhtSimulation(plan with { Seed = 8 }).Run();
        Assert.Equal(first.Trace, second.Trace);
        Assert.Equal(first.Datagrams, second.Datagrams);
        Assert.Equal(first.Found, second.Found);
        Assert.NotEqual(first.Trace, other.Trace);
    }
}
