using System.Diagnostics;
using System.Net.Sockets;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Chaos;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Engine.Tests.Chaos;

/// <summary>The faults that tests and the Lab put before disk, network and clock, each by itself, and the engine under each.</summary>
public sealed class ChaosPartsTests : IDisposable
{
    private readonly GeneratedContent _content = new("chaos", 77, 64 << 10, [new("a.bin", 2_000_000), new("b/c.bin", 500_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_faulty_disk_fails_as_its_seed_says_and_tears_writes()
    {
        var script = new DiskScript { WriteErrors = 0.2, TornWrites = 0.2, NoSpace = 0.2, ReadErrors = 0.2, ShortReads = 0.2 };
        var (one, other) = (Play(new FaultyDisk(5) { Script = script }, "one"), Play(new FaultyDisk(5) { Script = script }, "other"));

        Assert.Equal(one, other);
        Assert.Contains("28", one, StringComparison.Ordinal);
        Assert.Contains("5", one, StringComparison.Ordinal);
        Assert.NotEqual(one, Play(new FaultyDisk(6) { Script = script }, "third"));
        var healthy = new FaultyDisk(1);
        Play(healthy, "healthy");
        Assert.Equal(0, healthy.Faults);
    }

    [Fact]
    public async Task A_download_to_a_bad_disk_completes_and_no_peer_is_blamed()
    {
        await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(4 << 20), _content.InfoHash, _content);
        var disk = new FaultyDisk(3) { Script = DiskScript.Bad };
        await using var engine = await EngineUnderTest.StartAsync(disk: disk);
        await engine.DownloadAsync(_content, _folder["out"], stub.EndPoint);

        await engine.UntilComplete();

        Assert.True(disk.Faults > 0);
        Assert.Contains(engine.Seen, e => e is TorrentEvent.DiskFailed { Fault.Kind: DiskFaultKind.NoSpace or DiskFaultKind.Other });
        Assert.Contains(engine.Seen, e => e is TorrentEvent.DiskRecovered);
        Assert.Empty(engine.Seen.OfType<FaultJournalEntry>());
        Assert.True(_content.Verify(_folder["out"]).IsGood);
    }

    [Fact]
    public async Task A_link_delays_and_holds_its_rate()
    {
        using var target = Listener();
        var echo = Echo(target);
        await using (var link = ShapedLink.Start((System.Net.IPEndPoint)target.LocalEndPoint!, new LinkShape { Latency = TimeSpan.FromMilliseconds(60) }))
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(link.EndPoint);
            var started = Stopwatch.GetTimestamp();
            await socket.SendAsync(new byte[] { 7 });
            var answer = new byte[1];
            Assert.Equal(1, await socket.ReceiveAsync(answer));
            Assert.Equal(7, answer[0]);
            Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(120), $"{Stopwatch.GetElapsedTime(started)} there and back");
            link.Shape = link.Shape with { Chunk = 1, BytesPerSecond = 100 };
            started = Stopwatch.GetTimestamp();
            await socket.SendAsync(new byte[20]);
            for (var received = 0; received < 20;)
                received += await socket.ReceiveAsync(new byte[20]);
            Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(150), $"{Stopwatch.GetElapsedTime(started)} for 20 bytes");
        }
        target.Dispose();
        await echo;
    }

    [Fact]
    public async Task A_download_over_links_that_lose_connections_or_leave_them_half_open_completes()
    {
        await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(4 << 20), _content.InfoHash, _content);
        await using var losing = ShapedLink.Start(stub.EndPoint, new LinkShape { LostAfter = TimeSpan.FromMilliseconds(80), Latency = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(5) }, seed: 4);
        await using var halfOpen = ShapedLink.Start(stub.EndPoint, new LinkShape { LostAfter = TimeSpan.FromMilliseconds(80), HalfOpen = 1 }, seed: 5);
        await using var engine = await EngineUnderTest.StartAsync(
            "actortorrent { peer { snub-timeout = 300ms, inactivity-timeout = 1s }, faults { retry-delay = 20ms, max-retry-delay = 100ms, max-retries = 1000 } }");
        await engine.DownloadAsync(_content, _folder["out"], losing.EndPoint, halfOpen.EndPoint);

        await engine.UntilComplete();

        Assert.True(losing.Lost + halfOpen.Lost > 0);
        Assert.True(_content.Verify(_folder["out"]).IsGood);
    }

    [Fact]
    public async Task A_clock_that_is_set_forth_and_back_disturbs_nothing()
    {
        var clock = new ErraticClock();
        await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(2 << 20), _content.InfoHash, _content);
        await using var engine = await EngineUnderTest.StartAsync(time: clock);
        await engine.DownloadAsync(_content, _folder["out"], stub.EndPoint);

        await engine.Until<TorrentSnapshot>(s => s.PiecesHave > 3);
        clock.Jump(TimeSpan.FromDays(-400));
        await engine.Until<TorrentSnapshot>(s => s.PiecesHave > 10);
        clock.Jump(TimeSpan.FromDays(4000));
        await engine.UntilComplete();

        Assert.Equal(TimeSpan.FromDays(3600), clock.Offset);
        Assert.Empty(engine.Seen.OfType<FaultJournalEntry>());
        Assert.True(_content.Verify(_folder["out"]).IsGood);
    }

    private string Play(FaultyDisk disk, string name)
    {
        var story = new List<string>();
        using var file = File.OpenHandle(_folder[name], FileMode.Create, FileAccess.ReadWrite);
        for (var i = 0; i < 100; i++)
        {
            try
            {
                disk.Write(file, new byte[10], i * 10);
                story.Add($"{disk.Read(file, new byte[10], i * 10)}");
            }
            catch (IOException e)
            {
                story.Add($"{e.HResult} {RandomAccess.GetLength(file)}");
            }
        }
        return string.Join(',', story);
    }

    private static Socket Listener()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private static async Task Echo(Socket listener)
    {
        using var socket = await listener.AcceptAsync();
        var buffer = new byte[100];
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer)) > 0)
                await socket.SendAsync(buffer.AsMemory(0, count));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The link's end.
            return;
        }
    }
}
