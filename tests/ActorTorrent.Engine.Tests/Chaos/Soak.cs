using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Hostile;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Chaos;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Hostile;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Chaos;

/// <summary>
/// An engine on a bad disk behind bad links, by an erratic clock, among hostile peers: download after download, and a second engine that fetches
/// from it. What must always hold is looked at all the while.
/// </summary>
internal sealed class Soak : IAsyncDisposable
{
    private const string Overlay = """
        actortorrent {
          peer { snub-timeout = 500ms, inactivity-timeout = 2s, handshake-timeout = 1s }
          faults { retry-delay = 20ms, max-retry-delay = 200ms, max-retries = 1000, max-restarts = 100000, told-per-second = 1000 }
          storage { resume-interval = 100ms, retry-delay = 20ms, max-retry-delay = 100ms }
        }
        """;

    // What one of these means when nobody gets it: bytes or books are lost.
    private static readonly Type[] Matter =
    [
        typeof(StorageProtocol.StoreBlocks), typeof(StorageProtocol.BlocksStored), typeof(StorageProtocol.PieceVerified), typeof(StorageProtocol.PieceFailed),
        typeof(StorageProtocol.SaveResume), typeof(DiskProtocol.Submit), typeof(EngineProtocol.AddTorrent), typeof(CoordinatorProtocol.Incoming),
    ];

    private readonly Random _random;
    private readonly TempFolder _folder = new();
    private readonly FaultyDisk _disk;
    private readonly ErraticClock _clock = new();
    private readonly ConcurrentDictionary<Type, int> _deadLetters = new();
    private readonly List<string> _story = [];
    private EngineUnderTest _engine = null!;
    private FaultCollector _journal = null!;
    private ResumeStore _resume = null!;

    public Soak(int seed)
    {
        _random = new Random(seed);
        _disk = new FaultyDisk(seed);
    }

    /// <summary>What happened.</summary>
    public IReadOnlyList<string> Story => _story;

    /// <summary>Downloads that completed.</summary>
    public int Completed { get; private set; }

    public async Task RunAsync(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        _resume = new ResumeStore(_folder["state"]);
        _engine = await EngineUnderTest.StartAsync(Overlay, _resume, time: _clock, disk: _disk);
        _engine.System.ActorOf(DeadLetterBox.Props(_deadLetters));
        _journal = new FaultCollector(_engine.Events);
        for (var round = 1; TimeProvider.System.GetElapsedTime(started) < time; round++)
            await RoundAsync(round);
        Note($"{Completed} downloads; {_disk.Faults} failures of the disk; {_journal.All().Count} faults of peers; dead letters {string.Join(", ", _deadLetters.Select(static pair => $"{pair.Value} {pair.Key.Name}"))}");
        await Eventually.HoldsAsync(() => _engine.Context.Slabs.Rented == 0, () => $"{_engine.Context.Slabs.Rented} slabs are rented in the end");
    }

    public async ValueTask DisposeAsync()
    {
        _disk.Script = DiskScript.Healthy;
        if (_engine is not null)
            await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RoundAsync(int round)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"round {round}");
        var content = new GeneratedContent(
            name, (ulong)_random.Next(), 16 << _random.Next(10, 14), [new("a.bin", _random.Next(200_000, 1_500_000)), new("b/c.bin", _random.Next(1, 800_000)), new("empty", 0)]);
        var folder = _folder[name];
        _disk.Script = _random.Next(3) == 0 ? DiskScript.Healthy : DiskScript.Bad;
        _clock.Jump(TimeSpan.FromMinutes(_random.Next(-100_000, 100_000)));
        await using var honest = await StubPeer.StartAsync(PeerScript.Healthy(3 << 20), content.InfoHash, content);
        await using var liar = await StubPeer.StartAsync(PeerScript.Corrupts(new BlockCorruption(Probability: 0.1), 1 << 20) with { Seed = _random.Next() }, content.InfoHash, content);
        await using var first = ShapedLink.Start(honest.EndPoint, Link(), _random.Next());
        await using var second = ShapedLink.Start(honest.EndPoint, Link(), _random.Next());
        var added = await _engine.Engine.AddAsync(new TorrentSpec(content.Metainfo, folder) { Peers = [first.EndPoint, second.EndPoint, liar.EndPoint] });
        await using var crowd = HostileCrowd.Start(new IPEndPoint(IPAddress.Loopback, added.ListenPort), content, count: 12, seed: _random.Next());
        await WatchAsync(added, content, folder);
        Completed++;
        await LeechAsync(added, content, name);
        await crowd.DisposeAsync();
        Note($"{name}: {content.Layout.TotalLength} bytes in {content.Layout.PieceCount} pieces, {first.Lost + second.Lost} connections lost, {crowd.Connections} hostile ones");
        _disk.Script = DiskScript.Healthy;
        await _engine.Engine.RemoveAsync(content.InfoHash, withData: true);
        await NoOrphansAsync();
    }

    /// <summary>A download up to its end, and what holds on the way: verified bytes only grow, and what is claimed lies on disk.</summary>
    private async Task WatchAsync(EngineProtocol.TorrentAdded added, GeneratedContent content, string folder)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var verified = 0L;
        while (true)
        {
            var snapshot = await TorrentEngine.SnapshotAsync(added);
            Assert.True(snapshot.BytesVerified >= verified, $"{snapshot.BytesVerified} bytes verified after {verified}");
            verified = snapshot.BytesVerified;
            AssertClaimsAreTrue(content, folder);
            AssertNothingIsLost();
            if (snapshot.Phase == TorrentPhase.Seeding)
                break;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"It does not complete: {snapshot}; {string.Join("; ", _journal.All().TakeLast(10).Select(static entry => entry.Fault))}");
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
        _disk.Script = DiskScript.Healthy;
        var verdict = content.Verify(folder);
        Assert.True(verdict.IsGood, string.Join('\n', verdict.Differences));
    }

    /// <summary>Another engine fetches it all from the one under test, over a bad link.</summary>
    private async Task LeechAsync(EngineProtocol.TorrentAdded added, GeneratedContent content, string name)
    {
        await using var link = ShapedLink.Start(new IPEndPoint(IPAddress.Loopback, added.ListenPort), Link(), _random.Next());
        await using var leecher = await EngineUnderTest.StartAsync(Overlay);
        await leecher.DownloadAsync(content, _folder[name + " leeched"], link.EndPoint);
        await leecher.UntilComplete();
        Assert.True(content.Verify(_folder[name + " leeched"]).IsGood);
    }

    private LinkShape Link() => new()
    {
        Latency = TimeSpan.FromMilliseconds(_random.Next(20)),
        Jitter = TimeSpan.FromMilliseconds(_random.Next(20)),
        LostAfter = _random.Next(3) == 0 ? null : TimeSpan.FromMilliseconds(_random.Next(300, 3_000)),
        HalfOpen = _random.NextDouble() / 2,
        Chunk = _random.Next(4) == 0 ? 999 : 64 << 10,
    };

    private void AssertClaimsAreTrue(GeneratedContent content, string folder)
    {
        if (_resume.Load(content.InfoHash) is not { } claimed)
            return;
        Span<byte> sha1 = stackalloc byte[PieceHashes.HashLength];
        using var files = new TorrentFiles(content.Layout, content.InfoHash, folder, wanted: null, openFiles: 8);
        var bytes = new byte[content.Layout.PieceLength];
        foreach (var piece in claimed.Have)
        {
            var one = bytes.AsSpan(0, content.Layout.PieceSize(piece));
            files.Read(content.Layout.PieceOffset(piece), one);
            SHA1.HashData(one, sha1);
            Assert.True(content.Metainfo.PieceHashes.Matches(piece, sha1), $"piece {piece} is claimed and is not there");
        }
    }

    private void AssertNothingIsLost()
    {
        var lost = _deadLetters.Keys.Where(Matter.Contains).ToList();
        Assert.True(lost.Count == 0, $"nobody got {string.Join(", ", lost)}");
    }

    /// <summary>After a torrent is gone, the actors that live are those that the tree should hold.</summary>
    private async Task NoOrphansAsync()
    {
        ActorCensus census = null!;
        await Eventually.HoldsAsync(
            async () =>
            {
                census = await _engine.Engine.CensusAsync();
                return census.Actors.All(static actor => actor.Kind is not (ActorKind.Coordinator or ActorKind.Tracker or ActorKind.Storage or ActorKind.Peer or ActorKind.Connection or ActorKind.Handshake));
            },
            () => $"actors are left: {string.Join(", ", census.Actors.Select(static actor => actor.Path))}");
    }

    private void Note(string line) => _story.Add(line);
}
