using System.Net;

namespace ActorTorrent.Cli.Tests;

public sealed class PeerArgumentTests
{
    [Theory]
    [InlineData("127.0.0.1:6881", "127.0.0.1", 6881)]
    [InlineData("[::1]:1", "::1", 1)]
    [InlineData("[2001:db8::7]:65535", "2001:db8::7", 65535)]
    public async Task An_address_and_port_is_a_peer(string text, string address, int port) =>
        Assert.Equal([new IPEndPoint(IPAddress.Parse(address), port)], await PeerArgument.ResolveAsync(text, CancellationToken.None));

    [Fact]
    public async Task A_name_is_every_address_that_it_has()
    {
        var peers = await PeerArgument.ResolveAsync("localhost:81", CancellationToken.None);

        Assert.NotEmpty(peers);
        Assert.All(peers, peer => Assert.True(IPAddress.IsLoopback(peer.Address) && peer.Port == 81, peer.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData(":6881")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1: 1")]
    [InlineData("host:http")]
    public async Task What_is_no_peer_is_named(string text)
    {
        var refusal = await Assert.ThrowsAsync<InputException>(() => PeerArgument.ResolveAsync(text, CancellationToken.None));

        Assert.StartsWith($"--peer: '{text}' is not HOST:PORT", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_named()
    {
        // RFC 6761: .invalid never resolves.
        var refusal = await Assert.ThrowsAsync<InputException>(() => PeerArgument.ResolveAsync("nobody.invalid:1", CancellationToken.None));

        Assert.StartsWith("--peer: the host 'nobody.invalid' cannot be looked up", refusal.Message, StringComparison.Ordinal);
    }
}
