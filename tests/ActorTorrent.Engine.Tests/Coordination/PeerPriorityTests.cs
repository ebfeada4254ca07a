using System.Net;
using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Tests.Coordination;

public class PeerPriorityTests
{
    [Theory]
    [InlineData("123.213.32.10:1", "98.76.54.32:2", 0xec2d7224u)]
    [InlineData("123.213.32.10:1", "123.213.32.234:2", 0x99568189u)]
    public void Is_that_of_the_document(string one, string other, uint expected)
    {
        Assert.Equal(expected, Of(one, other));
        Assert.Equal(expected, Of(other, one));
    }

    [Theory]
    [InlineData("123.213.32.10:1", "98.76.54.32:2", "98.76.190.138:9", true)]
    [InlineData("123.213.32.10:1", "98.76.54.32:2", "98.77.54.32:2", false)]
    [InlineData("123.213.32.10:1", "123.213.54.32:2", "123.213.54.138:2", true)]
    [InlineData("123.213.32.10:1", "123.213.54.32:2", "123.213.55.32:2", false)]
    [InlineData("123.213.32.10:1", "123.213.32.32:2", "123.213.32.34:2", false)]
    [InlineData("[2001:db8:1::1]:1", "[2001:db8:2::1]:1", "[2001:db8:2::abab:1]:1", false)]
    [InlineData("[2001:db8:1::1]:1", "[2001:db8:2::1]:1", "[2001:db8:2::aaab]:1", true)]
    [InlineData("[2001:db8:1::1]:1", "[2001:db8:1:100::1]:1", "[2001:db8:1:1aa::aaab]:1", true)]
    public void Is_the_same_for_neighbours(string one, string other, string neighbour, bool isSame) =>
        Assert.Equal(isSame, Of(one, other) == Of(one, neighbour));

    [Fact]
    public void On_one_host_the_ports_count()
    {
        Assert.Equal(Of("10.0.0.1:5", "10.0.0.1:7"), Of("10.0.0.1:7", "10.0.0.1:5"));
        Assert.NotEqual(Of("10.0.0.1:5", "10.0.0.1:7"), Of("10.0.0.1:5", "10.0.0.1:8"));
    }

    [Fact]
    public void Across_families_there_is_none() => Assert.Equal(0u, Of("10.0.0.1:5", "[2001:db8::1]:5"));

    private static uint Of(string one, string other) => PeerPriority.Of(IPEndPoint.Parse(one), IPEndPoint.Parse(other));
}
