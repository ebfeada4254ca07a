using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Tests.Coordination;

public class SeedingGoalTests
{
    [Theory]
    [InlineData(0, 0, 1_000_000, 0, 1000, 1_000_000, false)]
    [InlineData(1.5, 0, 1499, 0, 1000, 0, false)]
    [InlineData(1.5, 0, 1500, 0, 1000, 0, true)]
    [InlineData(1.5, 0, 1500, 1001, 1000, 0, false)]
    [InlineData(0, 60, 0, 0, 1000, 59, false)]
    [InlineData(0, 60, 0, 0, 1000, 60, true)]
    [InlineData(2, 60, 0, 0, 1000, 60, true)]
    public void Is_reached_by_bytes_or_by_time(double ratio, int seconds, long uploaded, long downloaded, long size, int seeding, bool isReached) =>
        Assert.Equal(
            isReached,
            new SeedingGoal(ratio, TimeSpan.FromSeconds(seconds)).IsReached(uploaded, downloaded, size, TimeSpan.FromSeconds(seeding)));
}
