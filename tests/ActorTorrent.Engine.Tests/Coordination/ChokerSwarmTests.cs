namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class ChokerSwarmTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_free_rider_gets_at_most_half_of_the_contributors_median_while_the_swarm_is_busy(int seed)
    {
        var swarm = new ChokerSwarm(seeds: 1, contributors: 30, freeRiders: 6, size: 200_000_000, slots: 5, randomSeed: seed);
        var rounds = 0;
        for (; swarm.IsBusy; rounds++)
            swarm.Step();
        var median = swarm.Contributors.Order().ElementAt(15);
        Assert.InRange(rounds, 50, 1000);
        Assert.All(swarm.FreeRiders, bytes => Assert.True(bytes <= median / 2, $"{bytes} bytes for a free rider, {median} for a contributor (seed {seed})."));
        Assert.All(swarm.FreeRiders, bytes => Assert.True(bytes > 0, "Optimistic unchokes reach everyone."));
    }
}
