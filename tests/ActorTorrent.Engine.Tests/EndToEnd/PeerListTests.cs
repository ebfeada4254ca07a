using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>The list of a torrent's peers, asked of a running engine.</summary>
public sealed class PeerListTests : IDisposable
{
    private readonly GeneratedContent _content = new("content", 14, 32 << 10, [new("a.bin", 1_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_tells_who_gives_and_who_takes()
    {
        await using var seed = await EngineUnderTest.StartAsync("actortorrent.limits.torrent-upload = 64KiB/s");
        await using var leech = await EngineUnderTest.StartAsync();
        await _content.WriteFilesAsync(_folder["data"]);
        var seeding = await seed.DownloadAsync(_content, _folder["data"]);
        await seed.UntilComplete();
        var at = new IPEndPoint(IPAddress.Loopback, seeding.ListenPort);
        var leeching = await leech.DownloadAsync(_content, _folder["out"], at);
        // Each side counts at its own pace.
        var giver = await Only(leeching, static peer => peer is { Downloaded: > 0, DownloadRate: > 0, BlocksOutstanding: > 0 });
        Assert.Equal((at, PeerDirection.Outgoing, PeerState.Running), (giver.EndPoint, giver.Direction, giver.State));
        Assert.Equal(at, giver.ListenEndPoint);
        Assert.Equal([PeerSource.Manual], giver.Sources);
        Assert.StartsWith("ActorTorrent", giver.Client, StringComparison.Ordinal);
        Assert.True(giver is { IsSeed: true, IsChokingUs: false, AreWeChoking: true, AreWeInterested: true, IsInterested: false, IsSnubbing: false });
        Assert.True(giver is { Uploaded: 0, Failures: 0, LastFault: null });
        Assert.Equal(_content.Layout.PieceCount, giver.Pieces);
        Assert.True(giver.ConnectedFor > TimeSpan.Zero);

        var taker = await Only(seeding, static peer => peer is { Uploaded: > 0, ListenEndPoint: not null });
        Assert.Equal((PeerDirection.Incoming, PeerState.Running), (taker.Direction, taker.State));
        Assert.Equal(leeching.ListenPort, taker.ListenEndPoint!.Port);
        Assert.NotEqual(leeching.ListenPort, taker.EndPoint.Port);
        Assert.Equal([PeerSource.Incoming], taker.Sources);
        Assert.True(taker is { IsSeed: false, AreWeChoking: false, IsInterested: true, Downloaded: 0, BlocksOutstanding: 0 });
        Assert.InRange(taker.Pieces, 0, _content.Layout.PieceCount - 1);
    }

    [Fact]
    public async Task One_that_failed_waits_in_it_with_its_fault()
    {
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.faults { retry-delay = 1h, max-retry-delay = 1h }");
        // The port is nobody's: a socket that does not listen holds it.
        using var nobody = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        var at = new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)nobody.LocalEndPoint!).Port);
        var added = await engine.DownloadAsync(_content, _folder["out"], at);
        await engine.Until<FaultJournalEntry>();

        var peer = Assert.Single(await TorrentEngine.PeersAsync(added));

        Assert.Equal((at, PeerState.Waiting, 1, "refused"), (peer.EndPoint, peer.State, peer.Failures, peer.LastFault));
        Assert.True(peer is { Client: null, ConnectedFor: null, Pieces: 0, AreWeChoking: true, IsChokingUs: true });
    }

    [Fact]
    public async Task It_is_empty_while_the_files_are_checked_and_at_rest()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var added = await engine.DownloadAsync(_content, _folder["out"]);
        Assert.Empty(await TorrentEngine.PeersAsync(added));
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Downloading);
        await using var peer = await WirePeer.DialAsync(added.ListenPort, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast);
        await engine.Until<TorrentSnapshot>(s => s.Peers.Running == 1);
        Assert.Null(Assert.Single(await TorrentEngine.PeersAsync(added)).ListenEndPoint);

        await engine.Engine.PauseAsync(_content.InfoHash);
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Paused && s.Peers.Running == 0);
        await Eventually.HoldsAsync(async () => (await TorrentEngine.PeersAsync(added)).Count == 0, () => "the peer stays on the list");
    }

    /// <summary>The one peer of a torrent, as soon as it is as expected.</summary>
    private static async Task<PeerStatus> Only(EngineProtocol.TorrentAdded torrent, Func<PeerStatus, bool> isIt)
    {
        IReadOnlyList<PeerStatus> peers = [];
        await Eventually.HoldsAsync(
            async () => (peers = await TorrentEngine.PeersAsync(torrent)) is [var peer] && isIt(peer), () => $"Listed are: {string.Join('\n', peers)}");
        return peers[0];
    }
}
