using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Cli.Tests;

/// <summary>The built program told to stop in the midst of work, and started twice on the same torrent.</summary>
public sealed class ShutdownTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly GeneratedContent _content = new("load", 41, 256 << 10, [new("a.bin", 90_000_000), new("b/c.bin", 60_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminated_under_load_it_ends_soon_and_loses_nothing(bool trackerIsSilent)
    {
        var stopped = 0;
        await using var tracker = new LabTracker(new LabTrackerOptions())
        {
            OnAnnounce = announce =>
            {
                if (announce.Query.Request.Event == AnnounceEvent.Stopped)
                    Interlocked.Increment(ref stopped);
            },
        };
        await tracker.StartAsync();
        var stubs = new List<StubPeer>();
        for (var i = 0; i < 4; i++)
        {
            stubs.Add(await StubPeer.StartAsync(PeerScript.Healthy(8 << 20), _content.InfoHash, _content));
            tracker.Swarms.Pin(_content.InfoHash, new SwarmPeer(stubs[i].EndPoint, stubs[i].PeerId, IsSeed: true));
        }
        var torrent = _folder.Write("load.torrent", _content.BuildTorrent(tracker.AnnounceUri));
        string[] arguments =
            ["download", torrent, "--output", _folder["out"], "--state", _folder["state"], "--port", "0", "--json", "--profile", _folder.Write("often.hocon", "actortorrent.torrent.snapshot-interval = 50ms"u8.ToArray())];
        long verified;
        await using (var program = BuiltProgram.Start(arguments))
        {
            // In the midst of it: something is verified, and more is under way.
            await program.Prints("\"event\":\"progress\"");
            await UntilServed(stubs, 20_000_000);
            if (trackerIsSilent)
                tracker.Fault = new TrackerFault.Silent();
            var started = Stopwatch.GetTimestamp();
            program.Signal(BuiltProgram.Terminate);
            var end = await program.End();
            Assert.True(Stopwatch.GetElapsedTime(started) < Deadline, $"{Stopwatch.GetElapsedTime(started)} to end");
            Assert.Equal(ExitCode.Interrupted, end.ExitCode);
            verified = end.Lines.Select(static line => JsonNode.Parse(line)!).Where(static line => (string)line["event"]! == "progress")
                .Max(static line => (long)line["bytesVerified"]!);
        }
        Assert.Equal(trackerIsSilent ? 0 : 1, Volatile.Read(ref stopped));
        tracker.Fault = null;

        // What was verified is claimed, what is claimed is there, and all of it is believed at the next start.
        var claimed = new ResumeStore(_folder["state"]).Load(_content.InfoHash)!;
        Assert.True(claimed.Have.Sum(piece => (long)_content.Layout.PieceSize(piece)) >= verified, "less is claimed than was verified");
        await using var again = BuiltProgram.Start(arguments);
        var complete = await again.End();
        Assert.Equal(ExitCode.Ok, complete.ExitCode);
        var check = complete.Lines.Select(static line => JsonNode.Parse(line)!).First(static line => (string)line["event"]! == "checked");
        Assert.Equal(claimed.Have.SetCount, (int)check["piecesTrusted"]!);
        Assert.True(_content.Verify(_folder["out"]).IsGood);
        foreach (var stub in stubs)
            await stub.DisposeAsync();
    }

    [Fact]
    public async Task A_second_one_on_the_same_torrent_and_state_refuses_and_says_why()
    {
        await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(100_000), _content.InfoHash, _content);
        var torrent = _folder.Write("load.torrent", _content.BuildTorrent());
        string[] Arguments(string output, string state) =>
            ["download", torrent, "--output", _folder[output], "--state", _folder[state], "--port", "0", "--peer", stub.EndPoint.ToString(), "--json"];
        await using var first = BuiltProgram.Start(Arguments("one", "state"));
        await first.Prints("\"event\":\"progress\"");

        var second = await BuiltProgram.Run(Arguments("two", "state"));

        Assert.Equal(ExitCode.Failed, second.ExitCode);
        var refused = Assert.Single(second.Lines.Select(static line => JsonNode.Parse(line)!), static line => (string)line["event"]! == "refused");
        Assert.Contains($"Torrent {_content.InfoHash} is in the hands of another program, process", (string)refused["reason"]!, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["two", "load"]));
        // Another folder is another matter, and a program that has ended holds nothing.
        await using (var elsewhere = BuiltProgram.Start(Arguments("three", "other state")))
        {
            await elsewhere.Prints("\"event\":\"progress\"");
            elsewhere.Signal(BuiltProgram.Terminate);
            await elsewhere.End();
        }
        first.Signal(9);
        await first.End();
        await using var third = BuiltProgram.Start(Arguments("one", "state"));
        await third.Prints("\"event\":\"progress\"");
    }

    private static async Task UntilServed(List<StubPeer> stubs, long bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (stubs.Sum(static stub => stub.Counts.Bytes) < bytes)
            await pace.WaitForNextTickAsync(patience.Token);
    }
}
