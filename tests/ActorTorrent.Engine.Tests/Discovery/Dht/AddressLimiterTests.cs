using System.Net;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class AddressLimiterTests
{
    private static readonly DhtOptions Options = new();

    private readonly AddressLimiter _limiter = new(Options);

    [Fact]
    public void A_flooder_is_ignored_for_minutes_and_others_are_not()
    {
        for (var i = 0; i < Options.QueryBurst; i++)
            Assert.True(_limiter.Charge(Address(1), 1, TimeSpan.Zero));
        Assert.False(_limiter.Charge(Address(1), 1, TimeSpan.Zero));
        Assert.True(_limiter.IsIgnored(Address(1), TimeSpan.FromMinutes(4.9)));
        Assert.True(_limiter.Charge(Address(2), 1, TimeSpan.Zero));
        Assert.False(_limiter.IsIgnored(Address(1), Options.FloodPause));
        Assert.True(_limiter.Charge(Address(1), 1, Options.FloodPause));
    }

    [Fact]
    public void Who_keeps_to_the_rate_is_never_ignored()
    {
        for (var i = 0; i < 10_000; i++)
            Assert.True(_limiter.Charge(Address(1), 1, TimeSpan.FromSeconds(i / (double)Options.QueriesPerSecond)));
    }

    [Fact]
    public void A_million_addresses_do_not_make_it_grow_and_flooders_are_remembered()
    {
        for (var i = 0; i <= Options.QueryBurst; i++)
            _limiter.Charge(Address(0), 1, TimeSpan.Zero);
        for (var i = 1; i < 1_000_000; i++)
        {
            _limiter.Charge(Address(i), 1, TimeSpan.FromMilliseconds(i / 100.0));
            Assert.InRange(_limiter.Count, 0, AddressLimiter.MaxAddresses);
        }
        Assert.True(_limiter.IsIgnored(Address(0), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void All_together_have_a_limit_too()
    {
        var answered = Enumerable.Range(0, 10_000).Count(i => _limiter.ChargeAll(TimeSpan.FromMilliseconds(i / 10.0)));
        Assert.InRange(answered, Options.AnswersPerSecond, (2 * Options.AnswersPerSecond) + 1);
    }

    private static IPAddress Address(int number) => new([20, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
