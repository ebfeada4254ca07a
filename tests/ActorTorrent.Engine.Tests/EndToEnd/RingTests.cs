using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using Xunit.Abstractions;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Eight engines, one seed, few upload slots: everybody ends with everything, and everybody has given.</summary>
public sealed class RingTests(ITestOutputHelper output) : IDisposable
{
    private const int Engines = 8;

    // The rate, not the machine, sets the pace: so what goes which way does not hang on who is given the processor.
    private const string UploadLimit = "3MiB/s";

    private readonly TempFolder _folder = new();
    private readonly GeneratedContent _content = new("content", 17, 32 << 10, [new("a/first.bin", 4_000_000), new("second.bin", 1_234_567)]);
    private readonly List<EngineUnderTest> _engines = [];
    private readonly List<EngineProtocol.TorrentAdded> _torrents = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_ring_in_which_each_knows_its_neighbours_and_unchokes_one_at_a_time_completes() => RunAsync(slots: 1, async () =>
    {
        await AddAsync(0, _content.Metainfo);
        for (var i = 1; i < Engines - 1; i++)
            await AddAsync(i, _content.Metainfo, Listener(i - 1));
        await AddAsync(Engines - 1, _content.Metainfo, Listener(Engines - 2), Listener(0));

        var uploaded = await CompleteAsync();
        // Two neighbours are all that the seed can have sent to.
        Assert.InRange(uploaded[0], 1, 2 * _content.Layout.TotalLength * 11 / 10);
    });

    [Fact]
    public Task A_swarm_that_a_tracker_brought_together_completes_with_two_slots_each() => RunAsync(slots: 2, async () =>
    {
        await using var tracker = new LabTracker(new LabTrackerOptions { Seed = 17 });
        await tracker.StartAsync();
        var torrent = TorrentFileParser.Parse(_content.BuildTorrent(tracker.AnnounceUri));
        for (var i = 0; i < Engines; i++)
            await AddAsync(i, torrent);

        var uploaded = await CompleteAsync();
        // Without trade the seed would have to send everything seven times.
        Assert.InRange(uploaded[0], _content.Layout.TotalLength, 5 * _content.Layout.TotalLength);
    });

    private async Task RunAsync(int slots, Func<Task> scene)
    {
        await _content.WriteFilesAsync(FolderOf(0));
        try
        {
            for (var i = 0; i < Engines; i++)
            {
                _engines.Add(await EngineUnderTest.StartAsync(
                    $$"""
                    actortorrent {
                      torrent { upload-slots = {{slots}}, adaptive-slots = false }
                      limits.upload = {{UploadLimit}}
                    }
                    """));
            }
            await scene();
        }
        finally
        {
            foreach (var engine in _engines)
                await engine.DisposeAsync();
        }
    }

    private async Task AddAsync(int engine, TorrentMetainfo torrent, params IPEndPoint[] peers)
    {
        _torrents.Add(await _engines[engine].Engine.AddAsync(new TorrentSpec(torrent, FolderOf(engine)) { Peers = peers }));
        if (engine == 0)
            await _engines[engine].UntilComplete();
    }

    /// <summary>Waits until all are complete and have given; what each has sent is returned.</summary>
    private async Task<long[]> CompleteAsync()
    {
        foreach (var engine in _engines)
            await engine.UntilComplete();
        var last = await Task.WhenAll(_torrents.Select(TorrentEngine.SnapshotAsync));
        for (var i = 0; i < Engines; i++)
            output.WriteLine($"engine {i}: {last[i].Downloaded} bytes received, {last[i].Wasted} in vain, {last[i].Uploaded} sent, {last[i].Faults} faults");

        for (var i = 0; i < Engines; i++)
        {
            Assert.True(_content.Verify(FolderOf(i)).IsGood, $"engine {i}");
            Assert.True(last[i].Uploaded > 0, $"engine {i} has sent nothing");
            Assert.InRange(last[i].Wasted, 0, _content.Layout.TotalLength / 10);
        }
        return [.. last.Select(snapshot => snapshot.Uploaded)];
    }

    private IPEndPoint Listener(int engine) => new(IPAddress.Loopback, _torrents[engine].ListenPort);

    private string FolderOf(int engine) => Path.Combine(_folder.Path, $"engine {engine}");
}
