using System.Net;
using ActorTorrent.Engine.Discovery.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class TokenJarTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly IPAddress Address = IPAddress.Parse("8.8.8.8");

    [Fact]
    public void A_token_is_good_for_one_to_two_intervals_and_for_its_address_alone()
    {
        var jar = new TokenJar(Interval, new Random(1).NextBytes, TimeSpan.Zero);
        var token = jar.Give(Address, TimeSpan.FromMinutes(1));
        Assert.Equal(token, jar.Give(Address, TimeSpan.FromMinutes(4)));
        Assert.False(jar.IsGood(token, IPAddress.Parse("8.8.8.9"), TimeSpan.FromMinutes(1)));
        Assert.True(jar.IsGood(token, Address, TimeSpan.FromMinutes(4.9)));
        Assert.True(jar.IsGood(token, Address, TimeSpan.FromMinutes(9.9)));
        Assert.NotEqual(token, jar.Give(Address, TimeSpan.FromMinutes(9.9)));
        Assert.False(jar.IsGood(token, Address, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void After_a_long_sleep_no_token_is_good()
    {
        var jar = new TokenJar(Interval, new Random(1).NextBytes, TimeSpan.Zero);
        var token = jar.Give(Address, TimeSpan.Zero);
        Assert.False(jar.IsGood(token, Address, TimeSpan.FromHours(5)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(64)]
    public void A_token_of_another_length_is_not_good(int length)
        => Assert.False(new TokenJar(Interval, new Random(1).NextBytes, TimeSpan.Zero).IsGood(new byte[length], Address, TimeSpan.Zero));
}
