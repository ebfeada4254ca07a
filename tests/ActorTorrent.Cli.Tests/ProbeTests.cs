using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Cli.Tests;

/// <summary>The verb <c>probe</c> against scripted peers on loopback.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_json_each_peer_is_a_line()
    {
        await using var swarm = await Swarm(
            PeerScript.Healthy(), PeerScript.Refuses(), PeerScript.Silent(10), PeerScript.ClosesHandshake(), PeerScript.ResetsHandshake(),
            PeerScript.WrongProtocol(), PeerScript.WrongInfoHash());

        var result = await Probe(swarm, "--json", "--handshake-timeout", "300ms");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        var lines = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).ToDictionary(static line => (string)line["address"]!);
        Assert.All(lines.Values, static line =>
        {
            Assert.Equal(["address", "outcome", "peerId", "client", "milliseconds", "detail"], line.Select(static p => p.Key));
            Assert.InRange((long)line["milliseconds"]!, 0, 60_000);
        });
        Assert.Equal(
            ["ok", "refused", "handshake_timeout", "closed", "reset", "wrong_protocol", "wrong_info_hash"],
            swarm.Peers.Select(peer => (string?)lines[peer.EndPoint.ToString()]["outcome"]));
        var good = lines[swarm.Peers[0].EndPoint.ToString()];
        Assert.Equal(swarm.Peers[0].PeerId.ToHex(), (string?)good["peerId"]);
        Assert.NotNull((string?)good["client"]);
        Assert.Null(good["detail"]);
        Assert.All(lines.Values.Where(static line => (string?)line["outcome"] != "ok"), static line => Assert.Null(line["peerId"]));
    }

    [Fact]
    public async Task Without_json_it_prints_a_line_a_peer_and_a_summary()
    {
        await using var swarm = await Swarm(PeerScript.Healthy(), PeerScript.Refuses());

        var result = await Probe(swarm, "--concurrency", "2");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Equal(3, result.Lines.Length);
        Assert.Single(result.Lines, line => line.StartsWith(swarm.Peers[0].EndPoint.ToString(), StringComparison.Ordinal) && line.Contains(" ms  OK ", StringComparison.Ordinal));
        Assert.Single(result.Lines, line => line.StartsWith(swarm.Peers[1].EndPoint.ToString(), StringComparison.Ordinal) && line.Contains(" ms  refused", StringComparison.Ordinal));
        Assert.StartsWith("2 peers: 1 OK, 1 refused. ", result.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torrent_without_peers_makes_no_progress()
    {
        var result = await Command.Run("probe", _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent()));

        Assert.Equal(ExitCode.NoProgress, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal("The torrent names no tracker.\nprobe: there is no peer to ask.\n", result.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_stop_ends_it()
    {
        await using var swarm = await Swarm(PeerScript.Healthy(), PeerScript.Silent());
        await using var probe = Command.Start(
            "probe", swarm.Peers[0].EndPoint.ToString(), swarm.Peers[1].EndPoint.ToString(),
            "--info-hash", SampleTorrent.Content.InfoHash.ToString(), "--handshake-timeout", "1h");
        await probe.Prints("OK");

        await probe.Interrupt();

        Assert.Equal(ExitCode.Interrupted, (await probe.End()).ExitCode);
    }

    private static Task<StubSwarm> Swarm(params PeerScript[] scripts) =>
        StubSwarm.StartAsync(scripts, SampleTorrent.Content.InfoHash, SampleTorrent.Content);

    private static Task<CommandResult> Probe(StubSwarm swarm, params string[] more) => Command.Run(
        ["probe", .. swarm.Peers.Select(static peer => peer.EndPoint.ToString()), "--info-hash", SampleTorrent.Content.InfoHash.ToString(), .. more]);
}
