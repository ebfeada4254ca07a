using System.Net;
using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class BanListTests
{
    [Fact]
    public void A_host_is_banned_however_its_address_is_written()
    {
        var bans = new BanList();
        bans.Add(IPAddress.Parse("192.0.2.7"), "it lied");
        bans.Add(IPAddress.Parse("::ffff:192.0.2.7"), "again");
        Assert.Equal("it lied", bans.ReasonFor(IPAddress.Parse("::ffff:192.0.2.7")));
        Assert.Null(bans.ReasonFor(IPAddress.Parse("192.0.2.8")));
        Assert.Equal(1, bans.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void What_all_local_programs_share_is_not_banned(string address)
    {
        var bans = new BanList();
        bans.Add(IPAddress.Parse(address), "one of them lied");
        Assert.Null(bans.ReasonFor(IPAddress.Parse(address)));
    }

    [Fact]
    public void The_oldest_makes_room()
    {
        var bans = new BanList(capacity: 3);
        for (var i = 1; i <= 5; i++)
            bans.Add(new IPAddress([192, 0, 2, (byte)i]), "it lied");
        Assert.Equal(3, bans.Count);
        Assert.Null(bans.ReasonFor(IPAddress.Parse("192.0.2.2")));
        Assert.NotNull(bans.ReasonFor(IPAddress.Parse("192.0.2.3")));
    }

    [Fact]
    public void A_budget_counts_what_is_taken_and_returned()
    {
        var budget = new ConnectionBudget(2);
        budget.Take();
        budget.Take();
        budget.Take();
        Assert.Equal((3, 0), (budget.Taken, budget.Free));
        budget.Return(2);
        Assert.Equal((1, 1), (budget.Taken, budget.Free));
    }
}
