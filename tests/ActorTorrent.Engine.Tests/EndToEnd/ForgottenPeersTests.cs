using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Who names address after address has each dialled once, and none of them leaves anything behind once it made room for the next.</summary>
public sealed class ForgottenPeersTests : IDisposable
{
    private const int Known = 50;
    private const int Rounds = 20;

    private readonly GeneratedContent _content = new("forgotten", 6, 32 << 10, [new("a.bin", 100_000)]);
    private readonly Storage.TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task As_many_actors_wait_as_addresses_are_known()
    {
        // Taken, and nobody listens there: whoever dials any address of this host with this port is refused.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var engine = await EngineUnderTest.StartAsync(
            $$"""
            actortorrent {
              torrent { known-peers = {{Known}}, half-open = {{Known}}, dials-per-second = 100000 }
              faults { retry-delay = 10m, max-retry-delay = 1h }
            }
            """);
        var torrent = await engine.DownloadAsync(_content, _folder["to"]);
        for (var round = 1; round <= Rounds; round++)
        {
            torrent.Coordinator.Tell(
                new CoordinatorProtocol.AddPeers([.. Enumerable.Range(0, Known).Select(_ => new IPEndPoint(LoopbackAddresses.Next(), port))]), ActorRefs.NoSender);
            await engine.Until<TorrentSnapshot>(snapshot => snapshot.Faults >= round * Known);
        }

        Assert.Equal(Rounds * Known, engine.Seen.OfType<FaultJournalEntry>().Count(static entry => entry.Fault.Cause == FaultCause.Refused));
        var peers = -1;
        await Eventually.HoldsAsync(
            async () =>
            {
                peers = (await engine.Engine.CensusAsync()).Actors.Count(static actor => actor.Kind == ActorKind.Peer);
                return peers <= Known;
            },
            () => $"{peers} actors of {Known} known peers");
    }
}
