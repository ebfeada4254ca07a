using System.Net;

namespace ActorTorrent.Cli.Tests;

public sealed class BindOptionTests
{
    [Fact]
    public void Nothing_named_leaves_the_settings_as_they_are() => Assert.Null(BindOption.Parse([]));

    [Fact]
    public void One_of_each_family_may_be_named()
    {
        var bind = BindOption.Parse(["::1", "127.0.0.2"]);
        Assert.Equal(IPAddress.IPv6Loopback, bind!.V6);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), bind.V4);
    }

    [Theory]
    [InlineData("eth0")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    public void What_cannot_be_meant_is_named(params string[] addresses) =>
        Assert.Contains(addresses[^1], Assert.Throws<InputException>(() => BindOption.Parse(addresses)).Message, StringComparison.Ordinal);
}
