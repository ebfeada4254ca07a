using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Resume;

/// <summary>
/// Whole engines on a volume that fails: the torrent says what and where, nobody is blamed or dropped, others go on, and once the
/// cause is gone it goes on by itself.
/// </summary>
public sealed class DiskTroubleTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly GeneratedContent _content = new("content", 21, 64 << 10, [new("a.bin", 3 * MiB), new("d/b.bin", (2 * MiB) + 77)]);
    private readonly GeneratedContent _other = new("other", 22, 64 << 10, [new("c.bin", 2 * MiB)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sparse")]
    [InlineData("full")]
    public async Task A_full_disk_is_an_error_state_until_there_is_room(string allocation)
    {
        using var volume = Volume.Mount(2 * MiB);
        await using var seed = await Stub(_content);
        await using var engine = await EngineUnderTest.StartAsync($"actortorrent.storage.allocation = {allocation}");
        var torrent = await engine.DownloadAsync(_content, volume.Path, seed.EndPoint);

        var failed = await engine.Until<TorrentEvent.DiskFailed>();
        Assert.Equal(DiskFaultKind.NoSpace, failed.Fault.Kind);
        Assert.StartsWith(volume.Path, failed.Fault.Path, StringComparison.Ordinal);
        Assert.Equal(failed.Fault, (await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.DiskError)).DiskFault);
        await OthersGoOn(engine);

        volume.Remount("size=16m");
        await engine.Until<TorrentEvent.DiskRecovered>();
        await Completes(engine, torrent, volume.Path);
    }

    [Fact]
    public async Task A_read_only_volume_is_an_error_state_until_it_can_be_written()
    {
        using var volume = Volume.Mount(16 * MiB);
        volume.Remount("ro");
        await using var seed = await Stub(_content);
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, volume.Path, seed.EndPoint);

        var failed = await engine.Until<TorrentEvent.DiskFailed>();
        Assert.Equal((DiskFaultKind.ReadOnly, true), (failed.Fault.Kind, failed.Fault.IsFatal));
        Assert.StartsWith(volume.Path, failed.Fault.Path, StringComparison.Ordinal);
        await OthersGoOn(engine);

        volume.Remount("rw");
        await Completes(engine, torrent, volume.Path);
    }

    [Fact]
    public async Task A_folder_taken_away_is_an_error_state_until_it_is_back()
    {
        var output = Path.Combine(_folder.Path, "out");
        await using var seed = await Stub(_content, bytesPerSecond: 4 * MiB);
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, output, seed.EndPoint);
        await engine.Until<TorrentSnapshot>(s => s.BytesVerified > 256 << 10);
        Directory.Move(output, output + ".away");

        var failed = await engine.Until<TorrentEvent.DiskFailed>();
        Assert.Equal(DiskFaultKind.Vanished, failed.Fault.Kind);
        Assert.StartsWith(output, failed.Fault.Path, StringComparison.Ordinal);
        await OthersGoOn(engine);
        Assert.False(Directory.Exists(output));

        Directory.Move(output + ".away", output);
        await Completes(engine, torrent, output);
    }

    [Fact]
    public async Task A_deleted_folder_is_downloaded_anew_once_the_user_asks_for_a_check()
    {
        var output = Path.Combine(_folder.Path, "out");
        await using var seed = await Stub(_content, bytesPerSecond: 4 * MiB);
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, output, seed.EndPoint);
        await engine.Until<TorrentSnapshot>(s => s.BytesVerified > 256 << 10);
        Directory.Delete(output, recursive: true);
        Assert.Equal(DiskFaultKind.Vanished, (await engine.Until<TorrentEvent.DiskFailed>()).Fault.Kind);

        torrent.Coordinator.Tell(CoordinatorProtocol.Recheck.Instance, ActorRefs.NoSender);
        await engine.Until<TorrentEvent.Checked>();
        await Completes(engine, torrent, output);
    }

    [Fact]
    public async Task A_file_that_another_program_changes_while_seeding_is_checked_and_mended()
    {
        await using var seed = await Stub(_content);
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, _folder.Path, seed.EndPoint);
        await engine.UntilComplete();
        var path = Path.Combine(_folder.Path, "content", "a.bin");
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
        {
            var before = File.GetLastWriteTimeUtc(path);
            RandomAccess.Write(file, new byte[100_000], 500_000);
            File.SetLastWriteTimeUtc(path, before.AddSeconds(3));
        }
        // Whoever reads finds out, within a second.
        var storage = await engine.System.ActorSelection(torrent.Coordinator.Path + "/storage").ResolveOne(TimeSpan.FromSeconds(10));
        var block = new BlockRequest(new PieceIndex(8), 0, 16_384);
        for (object? answer = null; answer is not StorageProtocol.BlockUnreadable;)
        {
            answer = await storage.Ask<object>(asker => new StorageProtocol.ReadBlock(block, asker), TimeSpan.FromSeconds(10), CancellationToken.None);
            (answer as StorageProtocol.BlockRead)?.Buffer.Dispose();
        }
        // It must not hear of the other seed: complete sooner than ours, it would leave.
        await using var leecher = await EngineUnderTest.StartAsync("actortorrent.pex.enabled = false");
        await leecher.DownloadAsync(_content, Path.Combine(_folder.Path, "leech"), new IPEndPoint(IPAddress.Loopback, torrent.ListenPort));

        var failed = await engine.Until<TorrentEvent.DiskFailed>();
        Assert.Equal((DiskFaultKind.Changed, path), (failed.Fault.Kind, failed.Fault.Path));
        Assert.InRange((await engine.Until<TorrentEvent.PiecesLost>()).Pieces.Count, 2, 3);
        await engine.Until<TorrentEvent.DiskRecovered>();
        await engine.Until<TorrentEvent.Completed>();
        await leecher.UntilComplete();
        Assert.True(_content.Verify(_folder.Path).IsGood);
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "leech")).IsGood);
        Assert.DoesNotContain(engine.Seen.OfType<FaultJournalEntry>(), entry => entry.Torrent == torrent.InfoHash && IsBlame(entry));
    }

    [Fact]
    public async Task A_seed_serves_from_a_volume_that_became_read_only()
    {
        using var volume = Volume.Mount(16 * MiB);
        await _content.WriteFilesAsync(volume.Path);
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.storage.resume-interval = 100ms");
        var torrent = await engine.DownloadAsync(_content, volume.Path);
        await engine.UntilComplete();
        await using var leecher = await EngineUnderTest.StartAsync();
        leecher.Engine.SetLimits(new RateLimits(Download: new ByteRate(2 * MiB)));
        await leecher.DownloadAsync(_content, Path.Combine(_folder.Path, "leech"), new IPEndPoint(IPAddress.Loopback, torrent.ListenPort));
        await leecher.Until<TorrentSnapshot>(s => s.BytesVerified > 0);
        volume.Remount("ro");

        await leecher.UntilComplete();
        await leecher.Engine.StopAsync(TimeSpan.FromSeconds(10));
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "leech")).IsGood);
        Assert.Null((await TorrentEngine.SnapshotAsync(torrent)).DiskFault);
        Assert.DoesNotContain(engine.Seen, item => item is TorrentEvent.DiskFailed);
        volume.Remount("rw");
    }

    [Fact]
    public async Task A_seed_whose_folder_is_taken_away_says_so_and_serves_again_once_it_is_back()
    {
        var output = Path.Combine(_folder.Path, "out");
        await _content.WriteFilesAsync(output);
        await using var engine = await EngineUnderTest.StartAsync(
            "actortorrent.storage.resume-interval = 100ms", new ResumeStore(Path.Combine(_folder.Path, "state")));
        var torrent = await engine.DownloadAsync(_content, output);
        await engine.UntilComplete();
        await using var leecher = await EngineUnderTest.StartAsync();
        leecher.Engine.SetLimits(new RateLimits(Download: new ByteRate(2 * MiB)));
        await leecher.DownloadAsync(_content, Path.Combine(_folder.Path, "leech"), new IPEndPoint(IPAddress.Loopback, torrent.ListenPort));
        await leecher.Until<TorrentSnapshot>(s => s.BytesVerified > 0);
        Directory.Move(output, output + ".away");

        var failed = await engine.Until<TorrentEvent.DiskFailed>();
        Assert.Equal(DiskFaultKind.Vanished, failed.Fault.Kind);
        Assert.StartsWith(output, failed.Fault.Path, StringComparison.Ordinal);
        await OthersGoOn(engine);
        Assert.DoesNotContain(leecher.Seen, item => item is TorrentEvent.Completed);

        Directory.Move(output + ".away", output);
        await engine.Until<TorrentEvent.DiskRecovered>();
        await leecher.UntilComplete();
        Assert.True(_content.Verify(Path.Combine(_folder.Path, "leech")).IsGood);
        Assert.DoesNotContain(engine.Seen.OfType<FaultJournalEntry>(), entry => entry.Torrent == torrent.InfoHash && IsBlame(entry));
        Assert.DoesNotContain(leecher.Seen.OfType<FaultJournalEntry>(), IsBlame);
    }

    [Fact]
    public async Task A_storage_that_crashes_before_a_check_that_was_asked_for_loses_no_block_for_ever()
    {
        await using var seed = await Stub(_content, bytesPerSecond: 2 * MiB);
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, _folder.Path, seed.EndPoint);
        await engine.Until<TorrentSnapshot>(s => s.BytesVerified > 256 << 10);
        var storage = await engine.System.ActorSelection(torrent.Coordinator.Path + "/storage").ResolveOne(TimeSpan.FromSeconds(10));
        torrent.Coordinator.Tell(CoordinatorProtocol.Recheck.Instance, ActorRefs.NoSender);
        // Before the check, or in its midst: what comes first is the check of the storage that starts anew.
        storage.Tell(new StorageProtocol.StoreBlocks(null!), ActorRefs.NoSender);

        await engine.Until<TorrentEvent.Completed>(c => c.Final.InfoHash == torrent.InfoHash);
        await engine.Engine.StopAsync(TimeSpan.FromSeconds(10));
        Assert.True(_content.Verify(_folder.Path).IsGood);
    }

    [Fact]
    public async Task Files_move_to_another_volume_while_the_torrent_downloads_and_serves()
    {
        using var volume = Volume.Mount(16 * MiB);
        var target = Path.Combine(volume.Path, "here");
        await using var seed = await Stub(_content, bytesPerSecond: 3 * MiB);
        await using var engine = await EngineUnderTest.StartAsync();
        var torrent = await engine.DownloadAsync(_content, _folder.Path, seed.EndPoint);
        await engine.Until<TorrentSnapshot>(s => s.BytesVerified > MiB);
        torrent.Coordinator.Tell(new CoordinatorProtocol.MoveStorage(target), ActorRefs.NoSender);

        Assert.Equal(target, (await engine.Until<TorrentEvent.Moved>()).Folder);
        var complete = await engine.UntilComplete();
        Assert.Equal(_content.Layout.TotalLength, complete.Final.BytesVerified);
        Assert.Equal(0, complete.Final.Wasted);
        await engine.Engine.StopAsync(TimeSpan.FromSeconds(10));
        Assert.True(_content.Verify(target).IsGood);
        Assert.Empty(_folder.Everything());
    }

    private static Task<StubPeer> Stub(GeneratedContent content, long bytesPerSecond = 64 * MiB) =>
        StubPeer.StartAsync(PeerScript.Healthy(bytesPerSecond), content.InfoHash, content);

    private async Task OthersGoOn(EngineUnderTest engine)
    {
        await using var seed = await Stub(_other);
        var output = Path.Combine(_folder.Path, "other");
        var torrent = await engine.DownloadAsync(_other, output, seed.EndPoint);
        await engine.Until<TorrentEvent.Completed>(c => c.Final.InfoHash == torrent.InfoHash);
        Assert.True(_other.Verify(output).IsGood);
    }

    private async Task Completes(EngineUnderTest engine, EngineProtocol.TorrentAdded torrent, string output)
    {
        await engine.Until<TorrentEvent.Completed>(c => c.Final.InfoHash == torrent.InfoHash);
        Assert.Null((await TorrentEngine.SnapshotAsync(torrent)).DiskFault);
        Assert.DoesNotContain(engine.Seen.OfType<FaultJournalEntry>(), entry => entry.Torrent == torrent.InfoHash && IsBlame(entry));
        await engine.Engine.StopAsync(TimeSpan.FromSeconds(10));
        Assert.True(_content.Verify(output).IsGood);
    }

    private static bool IsBlame(FaultJournalEntry entry) => entry.Decision.Action is FaultAction.Ban or FaultAction.Stop || entry.Fault.Cause == FaultCause.InternalError;
}
