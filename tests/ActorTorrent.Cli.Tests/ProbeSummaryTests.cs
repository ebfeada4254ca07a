using System.Net;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Cli.Tests;

public sealed class ProbeSummaryTests
{
    private static readonly IPEndPoint Peer = new(IPAddress.IPv6Loopback, 6881);

    [Fact]
    public void Outcomes_are_counted_in_their_order() => Assert.Equal(
        "3 peers: 1 OK, 2 connect timeout. 5.0 s together; one after the other: 10.1 s.",
        ProbeSummary.Of(
            [Result(ProbeOutcome.ConnectTimeout, 5), Result(ProbeOutcome.Ok, 0.1), Result(ProbeOutcome.ConnectTimeout, 5)], TimeSpan.FromSeconds(5)));

    [Fact]
    public void One_peer_is_no_peers() =>
        Assert.StartsWith("1 peer: 1 refused.", ProbeSummary.Of([Result(ProbeOutcome.Refused, 0)], TimeSpan.Zero), StringComparison.Ordinal);

    [Fact]
    public void A_fault_is_told_with_its_proof()
    {
        Assert.Equal("wrong protocol", ProbeSummary.Describe(Result(ProbeOutcome.WrongProtocol, 0)));
        Assert.Equal("wrong protocol: it says HTTP", ProbeSummary.Describe(Result(ProbeOutcome.WrongProtocol, 0) with { Detail = "it says HTTP" }));
    }

    [Fact]
    public void A_line_has_the_address_with_brackets_and_no_more_than_is_known()
    {
        var id = PeerId.Create(new Random(1));

        var failed = ProbeLine.Of(Result(ProbeOutcome.HandshakeTimeout, 0.25) with { Detail = "10 of 68 bytes" });
        var good = ProbeLine.Of(Result(ProbeOutcome.Ok, 1.9999) with { PeerId = id, Client = "Some 1.0" });

        Assert.Equal(new ProbeLine("[::1]:6881", "handshake_timeout", null, null, 250, "10 of 68 bytes"), failed);
        Assert.Equal(new ProbeLine("[::1]:6881", "ok", id.ToHex(), "Some 1.0", 1999, null), good);
    }

    private static ProbeResult Result(ProbeOutcome outcome, double seconds) => new(Peer, outcome, null, null, TimeSpan.FromSeconds(seconds), null);
}
