using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Tests.Coordination;

public class OwnAddressTests
{
    private readonly OwnAddress _own = new();

    [Fact]
    public void Is_believed_once_enough_hosts_agree()
    {
        Assert.False(Vote(1, "80.1.2.3"));
        Assert.False(Vote(2, "80.1.2.3"));
        Assert.Null(_own.V4);
        Assert.True(Vote(3, "::ffff:80.1.2.3"));
        Assert.Equal(IPAddress.Parse("80.1.2.3"), _own.In(AddressFamily.InterNetwork));
        Assert.False(Vote(4, "80.1.2.3"));
    }

    [Fact]
    public void One_host_has_one_vote()
    {
        for (var i = 0; i < 10; i++)
            Assert.False(Vote(1, "80.1.2.3"));
        Assert.Null(_own.V4);
    }

    [Fact]
    public void The_greater_number_wins_and_a_tie_changes_nothing()
    {
        for (var voter = 1; voter <= 3; voter++)
            Vote(voter, "80.1.2.3");
        for (var voter = 4; voter <= 6; voter++)
            Assert.False(Vote(voter, "90.1.2.3"));
        Assert.True(Vote(7, "90.1.2.3"));
        Assert.Equal(IPAddress.Parse("90.1.2.3"), _own.V4);
    }

    [Fact]
    public void Families_are_apart()
    {
        for (var voter = 1; voter <= 3; voter++)
            Vote(voter, "2001:db8::1");
        Assert.Null(_own.V4);
        Assert.Equal(IPAddress.Parse("2001:db8::1"), _own.In(AddressFamily.InterNetworkV6));
    }

    [Fact]
    public void Voters_are_bounded()
    {
        for (var voter = 1; voter <= 255; voter++)
            Vote(voter, $"10.0.{voter}.1");
        Vote(256, "10.1.1.1");
        for (var voter = 1000; voter < 1100; voter++)
            Assert.False(Vote(voter, "10.9.9.9"));
        Assert.Null(_own.V4);
    }

    private bool Vote(int voter, string address) =>
        _own.Vote(new IPAddress([20, 0, (byte)(voter >> 8), (byte)voter]), IPAddress.Parse(address));
}
