using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Several torrents in one engine: turns, pauses, goals, removal.</summary>
public sealed class ManyTorrentsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_have_their_turns_one_after_the_other()
    {
        await using var engine = await EngineUnderTest.StartAsync("actortorrent.queue.max-active-downloads = 1");
        var contents = Enumerable.Range(1, 4).Select(Content).ToList();
        foreach (var content in contents)
        {
            await engine.Engine.AddAsync(Spec(content, await Stub(content)));
            // One that is checked later and stands before it would take its turn from it, and for a moment both would be at work.
            await engine.Until<TorrentEvent.Checked>(check => check.InfoHash == content.InfoHash);
        }

        while (engine.Seen.OfType<TorrentEvent.Completed>().Count() < contents.Count)
            await engine.Until<TorrentEvent.Completed>();
        var completed = engine.Seen.OfType<TorrentEvent.Completed>().Select(complete => complete.InfoHash);

        Assert.Equal(contents.Select(content => content.InfoHash).ToHashSet(), completed.ToHashSet());
        Assert.All(contents, content => Assert.True(content.Verify(Folder(content)).IsGood));
        // At no time did two of them download.
        var downloading = new HashSet<InfoHash>();
        foreach (var snapshot in engine.Seen.OfType<TorrentSnapshot>())
        {
            if (snapshot.Phase == TorrentPhase.Downloading)
                downloading.Add(snapshot.InfoHash);
            else
                downloading.Remove(snapshot.InfoHash);
            Assert.InRange(downloading.Count, 0, 1);
        }
    }

    [Fact]
    public async Task A_paused_one_leaves_its_peers_and_goes_on_where_it_was()
    {
        var content = Content(1);
        await using var engine = await EngineUnderTest.StartAsync();
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(1_000_000), content.InfoHash, content);
        await engine.Engine.AddAsync(Spec(content, slow));
        await engine.Until<TorrentSnapshot>(snapshot => snapshot.PiecesHave > 2);

        await engine.Engine.PauseAsync(content.InfoHash);
        var paused = await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Paused && s.Peers.Running == 0);
        Assert.InRange(paused.PiecesHave, 3, content.Layout.PieceCount - 1);
        await Assert.ThrowsAsync<EndOfStreamException>(
            () => WirePeer.DialAsync(engine.Context.ListenPort, content.InfoHash, content.Layout.PieceCount, PeerCapabilities.None));

        await engine.Engine.ResumeAsync(content.InfoHash);
        var complete = await engine.UntilComplete();
        // Who dialled while it was paused.
        Assert.Equal(FaultCause.NotActive, Assert.Single(engine.Seen.OfType<FaultJournalEntry>()).Fault.Cause);
        Assert.Equal(content.Layout.TotalLength, complete.Final.BytesVerified);
        Assert.True(content.Verify(Folder(content)).IsGood);
    }

    [Fact]
    public async Task One_that_was_added_paused_waits_to_be_asked()
    {
        var content = Content(1);
        await using var engine = await EngineUnderTest.StartAsync();
        await engine.Engine.AddAsync(Spec(content, await Stub(content)) with { IsPaused = true });
        await engine.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Paused);

        await engine.Engine.ResumeAsync(content.InfoHash);
        await engine.UntilComplete();
    }

    [Fact]
    public async Task It_seeds_until_its_ratio_is_reached()
    {
        var content = Content(1);
        await content.WriteFilesAsync(Folder(content));
        await using var seed = await EngineUnderTest.StartAsync();
        await seed.Engine.AddAsync(new TorrentSpec(content.Metainfo, Folder(content)) { RatioLimit = 1 });
        await seed.UntilComplete();
        await using var leech = await EngineUnderTest.StartAsync();
        await leech.DownloadAsync(
            content, Path.Combine(_folder.Path, "out"), new IPEndPoint(IPAddress.Loopback, seed.Context.ListenPort));

        await leech.UntilComplete();
        var finished = await seed.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Finished);
        Assert.True(finished.Uploaded >= content.Layout.TotalLength);

        // Asked to, it seeds on.
        await seed.Engine.ResumeAsync(content.InfoHash);
        await seed.Until<TorrentSnapshot>(s => s.Phase == TorrentPhase.Seeding);
    }

    [Fact]
    public async Task Goals_and_places_can_be_changed_while_it_runs()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var contents = Enumerable.Range(1, 2).Select(Content).ToList();
        foreach (var content in contents)
        {
            await content.WriteFilesAsync(Folder(content));
            await engine.Engine.AddAsync(new TorrentSpec(content.Metainfo, Folder(content)));
            await engine.UntilPhase(content.InfoHash, TorrentPhase.Seeding);
        }
        var (first, second) = (contents[0].InfoHash, contents[1].InfoHash);

        await engine.Engine.SetQueueAsync(new QueueOptions { MaxActiveSeeds = 1 });
        await engine.UntilPhase(second, TorrentPhase.Queued);
        await engine.Engine.SetSeedingGoalAsync(first, ratio: null, TimeSpan.FromMilliseconds(1));
        await engine.UntilPhase(first, TorrentPhase.Finished);
        await engine.UntilPhase(second, TorrentPhase.Seeding);
        await engine.Engine.SetSeedingGoalAsync(first, ratio: null, TimeSpan.Zero);
        await engine.Engine.SetQueueAsync(new QueueOptions { SeedTimeLimit = TimeSpan.FromMilliseconds(1) });
        // Its own goal, to go on for ever, holds against the common one.
        await engine.UntilPhase(second, TorrentPhase.Finished);
        Assert.Equal(TorrentPhase.Seeding, (await SnapshotOf(engine, first)).Phase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_removed_is_gone_with_its_data_or_without(bool withData)
    {
        var content = Content(1);
        await using var engine = await EngineUnderTest.StartAsync();
        await engine.Engine.AddAsync(Spec(content, await Stub(content)));
        await engine.UntilComplete();
        await File.WriteAllTextAsync(Path.Combine(Folder(content), "not ours.txt"), "stays");

        await engine.Engine.RemoveAsync(content.InfoHash, withData);

        Assert.Null((await engine.Until<TorrentEvent.Removed>()).Fault);
        Assert.Empty(await engine.Engine.ListAsync());
        Assert.Equal(!withData, content.Verify(Folder(content)).IsGood);
        var left = Directory.GetFileSystemEntries(Folder(content), "*", SearchOption.AllDirectories);
        if (withData)
            Assert.Equal(["not ours.txt"], left.Select(Path.GetFileName));
        // It can be added again.
        await engine.Engine.AddAsync(Spec(content, await Stub(content)));
        await engine.Until<TorrentEvent.Completed>();
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_told_anything()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        var nobody = Content(9).InfoHash;
        foreach (var command in (Func<Task>[])
        [
            () => engine.Engine.PauseAsync(nobody),
            () => engine.Engine.ResumeAsync(nobody),
            () => engine.Engine.MoveInQueueAsync(nobody, 0),
            () => engine.Engine.RemoveAsync(nobody, withData: true),
        ])
        {
            Assert.Contains(nobody.ToString(), (await Assert.ThrowsAsync<EngineRefusalException>(command)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Twenty_at_once_come_from_one_engine_to_another()
    {
        await using var seed = await EngineUnderTest.StartAsync();
        await using var leech = await EngineUnderTest.StartAsync();
        var contents = Enumerable.Range(1, 20).Select(Content).ToList();
        foreach (var content in contents)
        {
            await content.WriteFilesAsync(Path.Combine(_folder.Path, "seed", content.Name));
            await seed.Engine.AddAsync(new TorrentSpec(content.Metainfo, Path.Combine(_folder.Path, "seed", content.Name)));
        }
        for (var i = 0; i < contents.Count; i++)
            await seed.Until<TorrentEvent.Completed>();
        var source = new IPEndPoint(IPAddress.Loopback, seed.Context.ListenPort);
        foreach (var content in contents)
            await leech.DownloadAsync(content, Folder(content), source);

        for (var i = 0; i < contents.Count; i++)
            await leech.Until<TorrentEvent.Completed>();
        Assert.All(contents, content => Assert.True(content.Verify(Folder(content)).IsGood));
    }

    [Fact]
    public async Task Pauses_that_end_at_once_leave_no_peer_behind()
    {
        var content = Content(1);
        await using var engine = await EngineUnderTest.StartAsync();
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(2_000_000), content.InfoHash, content);
        await engine.Engine.AddAsync(Spec(content, slow));
        for (var i = 0; i < 5; i++)
        {
            await engine.Until<TorrentSnapshot>(snapshot => snapshot.Peers.Running == 1);
            await engine.Engine.PauseAsync(content.InfoHash);
            await engine.Engine.ResumeAsync(content.InfoHash);
        }

        await engine.UntilComplete();
        Assert.True(content.Verify(Folder(content)).IsGood);
    }

    /// <summary>There is no resume data before the metadata: the engine itself knows that it was stopped.</summary>
    [Fact]
    public async Task A_magnet_link_that_was_paused_before_its_metadata_came_rests_when_the_engine_restarts()
    {
        var content = Content(1);
        await using var engine = await EngineUnderTest.StartAsync();
        await engine.MagnetAsync(content, Folder(content));
        await engine.UntilPhase(content.InfoHash, TorrentPhase.FetchingMetadata);
        await engine.Engine.PauseAsync(content.InfoHash);
        await engine.UntilPhase(content.InfoHash, TorrentPhase.Paused);

        // What it cannot handle.
        var root = await engine.System.ActorSelection("/user/engine").ResolveOne(TimeSpan.FromSeconds(20));
        root.Tell(new EngineProtocol.AddTorrent(null!), ActorRefs.NoSender);

        await engine.Until<TorrentSnapshot>(snapshot => snapshot.Phase != TorrentPhase.Paused);
        var next = await engine.Until<TorrentSnapshot>(snapshot => snapshot.Phase is TorrentPhase.Paused or TorrentPhase.FetchingMetadata);
        Assert.Equal(TorrentPhase.Paused, next.Phase);
        await engine.Engine.ResumeAsync(content.InfoHash);
        await engine.UntilPhase(content.InfoHash, TorrentPhase.FetchingMetadata);
    }

    /// <summary>A thousand torrents that nobody asks for cost the twenty that are at work nothing that matters.</summary>
    [Fact]
    public async Task Twenty_come_and_go_beside_a_thousand_idle_ones()
    {
        var idle = Enumerable.Range(1_000, 1_000).Select(number => new GeneratedContent($"idle {number}", (ulong)number, 16 << 10, [new("a.bin", 20_000)])).ToList();
        await using var seed = await EngineUnderTest.StartAsync();
        await using var leech = await EngineUnderTest.StartAsync();
        var seeds = Path.Combine(_folder.Path, "idle");
        foreach (var content in idle)
        {
            await content.WriteFilesAsync(seeds);
            await seed.Engine.AddAsync(new TorrentSpec(content.Metainfo, seeds));
            await seed.Until<TorrentEvent.Completed>(completed => completed.InfoHash == content.InfoHash);
        }
        Assert.Equal(1_000, (await seed.Engine.ListAsync()).Count);

        var contents = Enumerable.Range(1, 20).Select(Content).ToList();
        var source = new IPEndPoint(IPAddress.Loopback, seed.Context.ListenPort);
        foreach (var content in contents)
        {
            await content.WriteFilesAsync(Path.Combine(_folder.Path, "seed", content.Name));
            await seed.Engine.AddAsync(new TorrentSpec(content.Metainfo, Path.Combine(_folder.Path, "seed", content.Name)));
            await leech.DownloadAsync(content, Folder(content), source);
        }
        // What was dialled before the seed had checked it is dialled again.
        for (var i = 0; i < contents.Count; i++)
            await leech.Until<TorrentEvent.Completed>();
        Assert.All(contents, content => Assert.True(content.Verify(Folder(content)).IsGood));
        // The idle ones still answer.
        await using var peer = await WirePeer.DialAsync(seed.Context.ListenPort, idle[777].InfoHash, idle[777].Layout.PieceCount, PeerCapabilities.None);
        Assert.Equal(PeerMessageKind.Bitfield, (await peer.ReceiveAsync(PeerMessageKind.Bitfield)).Kind);
    }

    private static GeneratedContent Content(int number) =>
        new($"content {number}", (ulong)number, 64 << 10, [new("a/b/first.bin", 900_000), new("second.bin", 300_000 + number)]);

    private static Task<StubPeer> Stub(GeneratedContent content) => StubPeer.StartAsync(PeerScript.Healthy(), content.InfoHash, content);

    private static async Task<TorrentSnapshot> SnapshotOf(EngineUnderTest engine, InfoHash torrent) =>
        await TorrentEngine.SnapshotAsync((await engine.Engine.ListAsync()).Single(added => added.InfoHash == torrent));

    private string Folder(GeneratedContent content) => Path.Combine(_folder.Path, content.Name);

    private TorrentSpec Spec(GeneratedContent content, StubPeer peer) => new(content.Metainfo, Folder(content)) { Peers = [peer.EndPoint] };
}
