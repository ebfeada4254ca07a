using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>What is wanted of a torrent changes while it is downloaded.</summary>
public sealed class FilePriorityTests : IDisposable
{
    private const int FileLength = 1 << 20;

    private readonly GeneratedContent _content = new("content", 31, 64 << 10, [new("first.bin", FileLength), new("second.bin", FileLength)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_skipped_file_comes_once_it_is_wanted()
    {
        await using var seed = await SeedAsync();
        await using var leech = await EngineUnderTest.StartAsync();
        var added = await leech.Engine.AddAsync(Spec(seed) with { WantedFiles = new HashSet<int> { 1 } });
        var half = await leech.UntilComplete();
        Assert.Equal(FileLength, half.Final.BytesVerified);

        added.Coordinator.Tell(
            new CoordinatorProtocol.SetFilePriorities(new Dictionary<int, FilePriority> { [0] = FilePriority.High, [7] = FilePriority.Low }),
            Akka.Actor.ActorRefs.NoSender);

        var whole = await leech.Until<TorrentEvent.Completed>(c => c.Final.BytesVerified > FileLength);
        Assert.Equal(2L * FileLength, whole.Final.BytesVerified);
        Assert.True(_content.Verify(Output).IsGood);
    }

    [Fact]
    public async Task A_download_is_complete_when_the_rest_is_skipped()
    {
        await using var seed = await SeedAsync();
        await using var leech = await EngineUnderTest.StartAsync();
        // A block in a while: it would not end by itself within the test's patience.
        leech.Engine.SetLimits(new RateLimits(Download: new ByteRate(20_000)));
        var added = await leech.Engine.AddAsync(Spec(seed));
        await leech.Until<TorrentSnapshot>(s => s.Downloaded > 0);

        added.Coordinator.Tell(
            new CoordinatorProtocol.SetFilePriorities(new Dictionary<int, FilePriority> { [0] = FilePriority.Skip, [1] = FilePriority.Skip }),
            Akka.Actor.ActorRefs.NoSender);

        var complete = await leech.UntilComplete();
        Assert.True(complete.Final.BytesVerified < FileLength);
    }

    private string Output => Path.Combine(_folder.Path, "out");

    private TorrentSpec Spec(EngineUnderTest seed)
        => new(_content.Metainfo, Output) { Peers = [new IPEndPoint(IPAddress.Loopback, seed.Context.ListenPort)] };

    private async Task<EngineUnderTest> SeedAsync()
    {
        var folder = Path.Combine(_folder.Path, "seed");
        await _content.WriteFilesAsync(folder);
        var seed = await EngineUnderTest.StartAsync();
        await seed.DownloadAsync(_content, folder);
        await seed.UntilComplete();
        return seed;
    }
}
