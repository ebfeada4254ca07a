using System.Net;
using ActorTorrent.Engine.Datagrams;

namespace ActorTorrent.Engine.Tests.Datagrams;

public sealed class DatagramLimiterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DatagramLimiter _limiter = new(most: 3, addresses: 2, TimeSpan.FromMinutes(1));

    [Fact]
    public void An_address_has_so_many_in_a_window_and_begins_anew_in_the_next()
    {
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(second => Allows(1, second)));
        Assert.False(Allows(1, 59));
        Assert.True(Allows(1, 60));
    }

    [Fact]
    public void One_address_does_not_use_up_anothers()
    {
        for (var i = 0; i < 10; i++)
            Allows(1, 0);
        Assert.True(Allows(2, 0));
    }

    [Fact]
    public void A_flood_from_ever_new_addresses_fills_no_table()
    {
        for (var address = 0; address < 10_000; address++)
            Assert.Equal(address < 2, Allows(address, 0));
        Assert.Equal(2, _limiter.Count);
        Assert.True(Allows(9_999, 60));
        Assert.Equal(1, _limiter.Count);
    }

    [Fact]
    public void A_clock_that_is_set_back_closes_the_window()
    {
        for (var i = 0; i < 4; i++)
            Allows(1, 0);
        Assert.True(_limiter.Allows(new IPAddress(1), Start.AddHours(-1)));
    }

    private bool Allows(int address, int second) => _limiter.Allows(new IPAddress(address), Start.AddSeconds(second));
}
