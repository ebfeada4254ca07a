using ActorTorrent.Engine.Options;

namespace ActorTorrent.Cli.Tests;

public sealed class ProxyOptionTests
{
    [Fact]
    public void Nothing_said_leaves_the_settings_as_they_are() => Assert.Null(ProxyOption.Parse(null));

    [Fact]
    public void None_is_none_whatever_the_settings_say() => Assert.False(ProxyOption.Parse("none")!.IsUsed);

    [Theory]
    [InlineData("socks5://127.0.0.1:9050", ProxyKind.Socks5, "127.0.0.1", 9050, "", "")]
    [InlineData("socks5://proxy.example", ProxyKind.Socks5, "proxy.example", 1080, "", "")]
    [InlineData("http://me:a%3Ab%40c@proxy.example:3128", ProxyKind.Http, "proxy.example", 3128, "me", "a:b@c")]
    [InlineData("http://[::1]", ProxyKind.Http, "::1", 80, "", "")]
    public void An_address_says_kind_place_and_name(string text, ProxyKind kind, string host, int port, string user, string password) =>
        Assert.Equal(new ProxyOptions { Kind = kind, Host = host, Port = port, User = user, Password = password }, ProxyOption.Parse(text));

    [Theory]
    [InlineData("127.0.0.1:1080")]
    [InlineData("socks4://127.0.0.1:1080")]
    [InlineData("http://proxy.example/path")]
    [InlineData("socks5://")]
    public void What_is_none_is_refused_and_a_password_not_repeated(string text) =>
        Assert.StartsWith("--proxy: ", Assert.Throws<InputException>(() => ProxyOption.Parse(text)).Message, StringComparison.Ordinal);
}
