using System.Globalization;
using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>
/// One real engine over real sockets that all cases share. All the while it downloads a torrent from two honest peers and serves it to a third;
/// the cases run beside that, most of them as peers of the same torrent, several at once.
/// </summary>
public class HostileWorld : IAsyncLifetime
{
    /// <summary>The folder that the tables are written to when the suites have run; see tests/run.</summary>
    private const string TablesVariable = "ACTORTORRENT_HOSTILE_TABLES";

    private const int AtOnce = 14;
    private const int PieceLength = 32 << 10;
    private const long HonestRate = 200_000;

    private const string Overlay = """
        actortorrent {
          listen.max-pending-per-address = 8
          peer {
            handshake-timeout = 1s
            inactivity-timeout = 3s
            snub-timeout = 2s
            send-timeout = 2s
            max-queued-requests = 200
          }
          torrent {
            max-peers = 500
            max-peers-per-address = 6
            upload-slots = 200
            adaptive-slots = false
            choke-round = 100ms
          }
          queue.max-active-downloads = 0
          faults { max-retries = 3, told-per-second = 10000 }
          tracker.announce-timeout = 2s
        }
        """;

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _room = new(AtOnce);
    private readonly List<StubPeer> _honest = [];
    private readonly Dictionary<int, Task<HostileVerdict>> _verdicts = [];
    private Task<LeecherResult> _leeching = null!;
    private int _stages;

    /// <summary>What is played.</summary>
    internal virtual IReadOnlyList<HostileCase> Cases => HostileCases.All;

    /// <summary>The file of what was observed of them.</summary>
    internal virtual string TableFile => "hostile.md";

    internal EngineUnderTest Engine { get; private set; } = null!;

    internal FaultCollector Journal { get; private set; } = null!;

    internal EngineProtocol.TorrentAdded Torrent { get; private set; } = null!;

    /// <summary>A torrent of which the engine has a.bin, the first 256 pieces, fetches b.bin, and does not want c.bin, the last ones.</summary>
    internal GeneratedContent Content { get; } = new(
        "honest", 901, PieceLength, [new("a.bin", 8 << 20), new("b.bin", 80 << 20), new("c.bin", (1 << 20) + (5 * PieceLength))]);

    public async Task InitializeAsync()
    {
        await new GeneratedContent("honest", 901, PieceLength, [new("a.bin", 8 << 20)]).WriteFilesAsync(_folder["honest"]);
        Engine = await EngineUnderTest.StartAsync(
            Overlay,
            // 127.77/16 plays the public Internet.
            trackers: static options => new HttpTrackerClient(
                options.Tracker, TimeProvider.System, Dns.GetHostAddressesAsync,
                static address => address.GetAddressBytes() is [127, 77, ..] ? NetworkZone.Public : NetworkZones.Of(address)));
        Journal = new FaultCollector(Engine.Events);
        for (var i = 0; i < 2; i++)
            _honest.Add(await StubPeer.StartAsync(PeerScript.Healthy(HonestRate), Content.InfoHash, Content));
        Torrent = await Engine.Engine.AddAsync(new TorrentSpec(Content.Metainfo, _folder["honest"])
        {
            Peers = [.. _honest.Select(static peer => peer.EndPoint)],
            WantedFiles = new HashSet<int> { 0, 1 },
        });
        await Eventually.HoldsAsync(
            async () => (await TorrentEngine.SnapshotAsync(Torrent)).BytesVerified > 8 << 20, static () => "the honest download does not begin");
        _leeching = StubLeecher.DownloadAsync(
            new IPEndPoint(IPAddress.Loopback, Torrent.ListenPort), Content, new LeecherScript { BytesPerSecond = 128_000, Pipeline = 4 }, cancellation: _end.Token);
        await Eventually.HoldsAsync(async () => await UploadedAsync() > 0, static () => "the honest upload does not begin");
        foreach (var one in Cases)
            _verdicts[one.Number] = PlayAsync(one);
    }

    public async Task DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var verdicts = await Task.WhenAll(_verdicts.Values);
        if (Environment.GetEnvironmentVariable(TablesVariable) is { Length: > 0 } folder)
            await File.WriteAllTextAsync(Path.Combine(folder, TableFile), HostileTable.Observed(verdicts));
        await _end.CancelAsync();
        await _leeching.ContinueWith(static _ => { }, TaskScheduler.Default);
        foreach (var peer in _honest)
            await peer.DisposeAsync();
        await Engine.DisposeAsync();
        _folder.Dispose();
        _room.Dispose();
        _end.Dispose();
    }

    /// <summary>Who one of the honest peers is.</summary>
    internal PeerId HonestId => _honest[0].PeerId;

    internal Task<HostileVerdict> VerdictOf(int number) => _verdicts[number];

    /// <summary>A folder for a case.</summary>
    internal string Folder() => _folder[string.Create(CultureInfo.InvariantCulture, $"case {Interlocked.Increment(ref _stages)}")];

    internal bool IsHonest(IPAddress address) => address.Equals(IPAddress.Loopback) || _honest.Any(peer => peer.EndPoint.Address.Equals(address));

    /// <summary>The honest download and the honest upload both get on, and nobody honest is blamed.</summary>
    internal async Task HonestGoOnAsync()
    {
        var verified = (await TorrentEngine.SnapshotAsync(Torrent)).BytesVerified;
        var uploaded = await UploadedAsync();
        await Eventually.HoldsAsync(
            async () => (await TorrentEngine.SnapshotAsync(Torrent)).BytesVerified > verified && await UploadedAsync() > uploaded,
            () => $"the honest transfers do not go on: {Torrent.Coordinator}, {verified} verified, {uploaded} uploaded, leecher {_leeching.Status}; blamed: {Blamed()}");
        Assert.Equal("", Blamed());
    }

    private string Blamed() => string.Join("; ", Journal.All().Where(entry => IsHonest(entry.Fault.EndPoint.Address)).Select(static entry => entry.Fault));

    /// <summary>All that the cases took is given back, once everybody has left.</summary>
    internal async Task AllIsReturnedAsync()
    {
        await Task.WhenAll(_verdicts.Values);
        await _end.CancelAsync();
        await Engine.Engine.PauseAsync(Content.InfoHash);
        foreach (var torrent in await Engine.Engine.ListAsync())
            await Engine.Engine.PauseAsync(torrent.InfoHash);
        await Eventually.HoldsAsync(
            () => Engine.Context.Slabs.Rented == 0 && Engine.Context.Connections.Free == Engine.Context.Options.Peer.MaxConnections,
            () => $"{Engine.Context.Slabs.Rented} slabs are rented, {Engine.Context.Options.Peer.MaxConnections - Engine.Context.Connections.Free} connections are booked");
        await Eventually.HoldsAsync(
            async () => (await Engine.Engine.CensusAsync()).Actors.All(static actor => actor.Kind is not (ActorKind.Peer or ActorKind.Connection or ActorKind.Handshake)),
            static () => "actors of peers are left over");
        Assert.InRange(Engine.Context.Bans.Count, 0, 100);
        await Engine.Engine.StopAsync(TimeSpan.FromSeconds(30));
        await Engine.AllIsReturnedAsync();
    }

    private async Task<long> UploadedAsync()
        => (await TorrentEngine.PeersAsync(Torrent)).Where(static peer => peer.EndPoint.Address.Equals(IPAddress.Loopback)).Sum(static peer => peer.Uploaded);

    private async Task<HostileVerdict> PlayAsync(HostileCase one)
    {
        await _room.WaitAsync();
        var started = TimeProvider.System.GetTimestamp();
        await using var stage = new HostileStage(this, one);
        Exception? failure = null;
        try
        {
            // Not the thread that starts them all.
            await Task.Run(() => one.Play(stage));
            await stage.JudgeAsync();
        }
        catch (Exception e)
        {
            failure = new InvalidOperationException(stage.Describe(), e);
        }
        finally
        {
            _room.Release();
        }
        return new HostileVerdict(one, stage.Observed(), TimeProvider.System.GetElapsedTime(started), failure);
    }
}
