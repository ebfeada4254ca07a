using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Lab.Tests.Demo;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Tests.Peers;

[Collection(DeadlineCollection.Name)]
public sealed class FirstWriteupSwarmTests
{
    private static readonly InfoHash Hash = InfoHash.Parse("00112233445566778899aabbccddeeff00112233");

    [Fact]
    public async Task It_gives_13_23_6_7_1()
    {
        await using var swarm = await StubSwarm.StartAsync(FirstWriteupSwarm.Create(1), Hash);
        var options = new ProbeOptions { ConnectTimeout = TimeSpan.FromSeconds(1), HandshakeTimeout = TimeSpan.FromSeconds(2) };
        var prober = new PeerProber(Hash, PeerId.Create(new Random(1)), options);
        var results = new List<ProbeResult>();
        await foreach (var result in prober.ProbeAsync([.. swarm.Peers.Select(peer => peer.EndPoint)]))
            results.Add(result);
        var counts = results.CountBy(result => result.Outcome).ToDictionary();
        Assert.Equal(
            new Dictionary<ProbeOutcome, int>
            {
                [ProbeOutcome.Ok] = 13,
                [ProbeOutcome.ConnectTimeout] = 12,
                [ProbeOutcome.HandshakeTimeout] = 11,
                [ProbeOutcome.Refused] = 6,
                [ProbeOutcome.Closed] = 7,
                [ProbeOutcome.Reset] = 1,
            },
            counts);
        Assert.Equal(
            swarm.Peers.Where(peer => peer.Script.PeerId is not null).Select(peer => peer.PeerId).ToHashSet(),
            results.Where(result => result.PeerId is not null).Select(result => result.PeerId!.Value).ToHashSet());
        var clients = results.Where(result => result.Client is not null).Select(result => result.Client!).ToArray();
        Assert.Contains(clients, client => client.StartsWith("Transmission 4.0.4", StringComparison.Ordinal));
        Assert.Contains(clients, client => client.StartsWith("aria2 1.36", StringComparison.Ordinal));
        Assert.Contains(clients, client => client.Contains("0.13.8", StringComparison.Ordinal));
        Assert.DoesNotContain(clients, client => client.Contains("unknown", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_same_seed_gives_the_same_swarm()
    {
        Assert.Equal(FirstWriteupSwarm.Create(5), FirstWriteupSwarm.Create(5));
        Assert.NotEqual(FirstWriteupSwarm.Create(5), FirstWriteupSwarm.Create(6));
    }
}
