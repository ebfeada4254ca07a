using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>What is wanted of a torrent changes while it is downloaded.</summary>
public sealed class FilePriorityTests : IDisposable
{
    private const int FileLength = 1 << 20;

    private readonly GeneratedContent _content = new("content", 31, 64 << 10, [new("first.bin", FileLength), new("second.bin", FileLength)]);
    private readonly GeneratedContent _edged = new("content", 32, 64 << 10, [new("first.bin", FileLength + 321), new("second.bin", FileLength)]);
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

    [Fact]
    public async Task One_that_was_finished_goes_on_when_more_of_it_is_wanted()
    {
        await using var seed = await SeedAsync();
        await using var leech = await EngineUnderTest.StartAsync();
        var added = await leech.Engine.AddAsync(Spec(seed) with { WantedFiles = new HashSet<int> { 1 }, SeedTimeLimit = TimeSpan.FromMilliseconds(1) });
        await leech.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Finished);

        added.Coordinator.Tell(
            new CoordinatorProtocol.SetFilePriorities(new Dictionary<int, FilePriority> { [0] = FilePriority.Normal }), Akka.Actor.ActorRefs.NoSender);

        await leech.Until<TorrentEvent.Completed>(c => c.Final.BytesVerified > FileLength);
        Assert.True(_content.Verify(Output).IsGood);
    }

    [Fact]
    public async Task Peers_hear_when_the_rest_is_skipped_and_when_it_is_wanted_again()
    {
        await using var leech = await EngineUnderTest.StartAsync();
        var added = await leech.Engine.AddAsync(new TorrentSpec(_content.Metainfo, Output));
        await leech.Until<TorrentEvent.Checked>();
        await using var peer = await WirePeer.DialAsync(
            added.ListenPort, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast | PeerCapabilities.Extended);
        await peer.SendAsync(PeerMessage.HaveNone);
        Assert.Null(ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload).IsUploadOnly);

        foreach (var (priority, isUploadOnly) in new[] { (FilePriority.Skip, true), (FilePriority.Low, false) })
        {
            added.Coordinator.Tell(
                new CoordinatorProtocol.SetFilePriorities(new Dictionary<int, FilePriority> { [0] = priority, [1] = priority }), Akka.Actor.ActorRefs.NoSender);
            Assert.Equal(isUploadOnly, ExtensionHandshake.Parse((await peer.ReceiveAsync(PeerMessageKind.Extended)).Payload).IsUploadOnly);
        }
    }

    [Fact]
    public async Task Of_two_files_the_one_of_high_priority_comes_first()
    {
        await using var leech = await EngineUnderTest.StartAsync();
        var added = await leech.Engine.AddAsync(new TorrentSpec(_content.Metainfo, Output)
        {
            Priorities = new Dictionary<int, FilePriority> { [1] = FilePriority.High },
        });
        await leech.Until<TorrentEvent.Checked>();
        await using var peer = await WirePeer.DialAsync(added.ListenPort, _content.InfoHash, _content.Layout.PieceCount, PeerCapabilities.Fast);
        await peer.SendAsync(PeerMessage.HaveAll, PeerMessage.Unchoke);

        for (var i = 0; i < 8; i++)
            Assert.InRange((await peer.ReceiveAsync(PeerMessageKind.Request)).Piece.Value, 16, 31);
    }

    [Fact]
    public async Task What_was_skipped_stays_skipped_where_the_saved_priorities_hold()
    {
        var store = new ResumeStore(Path.Combine(_folder.Path, "state"));
        await using var seed = await SeedAsync(_edged);
        await using (var first = await EngineUnderTest.StartAsync(resume: store))
        {
            await first.Engine.AddAsync(Spec(seed, _edged) with { WantedFiles = new HashSet<int> { 1 } });
            await first.UntilComplete();
        }

        await using (var second = await EngineUnderTest.StartAsync(resume: store))
        {
            await second.Engine.AddAsync(Spec(seed, _edged) with { KeepsSavedPriorities = true });
            // With the edge of the first one, which lies in a piece of both.
            Assert.InRange((await second.UntilComplete()).Final.BytesWanted, FileLength + 1, FileLength + (64 << 10));
        }
        Assert.False(File.Exists(Path.Combine(Output, "content", "first.bin")));

        // Not asked to keep them, an engine fetches what it is told to: everything.
        await using var third = await EngineUnderTest.StartAsync(resume: store);
        await third.Engine.AddAsync(Spec(seed, _edged));
        await third.UntilComplete();
        Assert.True(_edged.Verify(Output).IsGood);
    }

    private string Output => Path.Combine(_folder.Path, "out");

    private TorrentSpec Spec(EngineUnderTest seed, GeneratedContent? content = null)
        => new((content ?? _content).Metainfo, Output) { Peers = [new IPEndPoint(IPAddress.Loopback, seed.Context.ListenPort)] };

    private async Task<EngineUnderTest> SeedAsync(GeneratedContent? content = null)
    {
        content ??= _content;
        var folder = Path.Combine(_folder.Path, "seed");
        await content.WriteFilesAsync(folder);
        var seed = await EngineUnderTest.StartAsync();
        await seed.DownloadAsync(content, folder);
        await seed.UntilComplete();
        return seed;
    }
}
