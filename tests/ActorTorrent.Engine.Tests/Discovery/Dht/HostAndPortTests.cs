using ActorTorrent.Engine.Discovery.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class HostAndPortTests
{
    [Theory]
    [InlineData("example.org:6881", "example.org", 6881)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void Reads(string text, string host, int port)
    {
        Assert.True(HostAndPort.TryParse(text, out var read));
        Assert.Equal(new HostAndPort(host, port), read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("example.org")]
    [InlineData(":80")]
    [InlineData("a b:80")]
    [InlineData("::1:80")]
    [InlineData("[example.org]:80")]
    [InlineData("example.org:0")]
    [InlineData("example.org:65536")]
    [InlineData("example.org:-1")]
    public void Refuses(string? text) => Assert.False(HostAndPort.TryParse(text, out _));
}
