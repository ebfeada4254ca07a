using System.Diagnostics;
using System.Net;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Hostile;
using ActorTorrent.Lab.Peers;
using Xunit.Abstractions;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>
/// A crowd of hostile peers, every behaviour mixed, that come back again and again: memory stays where it is, and two honest downloads take hardly
/// longer than without. With ACTORTORRENT_FULL=1 2,000 of them for five minutes, otherwise fewer for a third of one.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class CrowdTests(ITestOutputHelper output) : IDisposable
{
    private const long MiB = 1 << 20;
    private const int HonestRate = 500_000;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";
    private static readonly int Count = IsFull ? 2_000 : 400;
    private static readonly TimeSpan Total = IsFull ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(18);
    private static readonly TimeSpan Step = Total / 30;
    private static readonly TimeSpan First = IsFull ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(9);

    // A few seconds on a machine that has other work tell little: the whole form holds the goal.
    private static readonly double MostTimes = IsFull ? 1.25 : 2.5;

    private const string Overlay = """
        actortorrent {
          # The engine has its process to itself, as a user's has.
          memory.trim = true
          listen.max-pending = 1000
          peer { handshake-timeout = 5s, inactivity-timeout = 10s, send-timeout = 5s, snub-timeout = 5s, tick = 500ms }
          torrent { max-peers = 3000, snapshot-interval = 500ms, choke-round = 1s, optimistic-unchoke = 3s }
          faults { retry-delay = 1s, max-retry-delay = 10s }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Memory_stays_and_honest_downloads_hardly_notice()
    {
        // Long enough that the downloads last as long as the crowd does: then both looks at the memory see the same work.
        var length = IsFull ? 76_000_000 : 4_000_000;
        var contents = new[] { Content("first", 1, length), Content("second", 2, length) };
        var (quiet, _) = await DownloadAsync(contents, "quiet", hostile: false);
        var (noisy, memory) = await DownloadAsync(contents, "noisy", hostile: true);

        var ratio = noisy / quiet;
        output.WriteLine(FormattableString.Invariant($"two honest downloads: {quiet.TotalSeconds:0.0} s without, {noisy.TotalSeconds:0.0} s with {Count} hostile peers: {ratio:0.00} times as long"));
        Assert.True(ratio <= MostTimes, $"{quiet} without hostility, {noisy} with");
        Assert.True(memory.Last <= (1.1 * memory.First) + (16 * MiB), $"{memory.First / MiB} MiB after {First}, {memory.Last / MiB} MiB after {Total}");
    }

    private async Task<(TimeSpan Elapsed, (long First, long Last) Memory)> DownloadAsync(GeneratedContent[] contents, string name, bool hostile)
    {
        var honest = new List<StubPeer>();
        foreach (var content in contents)
        {
            await HonestAsync(content, honest);
            await HonestAsync(content, honest);
        }
        await using var engine = await EngineProcess.StartAsync(Overlay, honest.Select(static peer => peer.EndPoint.Address));
        var crowds = new List<HostileCrowd>();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var port = 0;
            foreach (var (content, peers) in contents.Zip(honest.Chunk(2)))
                port = await engine.DownloadAsync(content, _folder[name, content.Name], peers.Select(static peer => peer.EndPoint));
            if (hostile)
                crowds.AddRange(contents.Select(content => HostileCrowd.Start(new IPEndPoint(IPAddress.Loopback, port), content, Count / 2, seed: content.Name.Length)));
            var watching = hostile ? WatchAsync(engine, crowds) : Task.FromResult((0L, 0L));
            await CompletesAsync(engine, contents, IsFull ? TimeSpan.FromMinutes(15) : TimeSpan.FromSeconds(60));
            var elapsed = Stopwatch.GetElapsedTime(started);
            var memory = await watching;
            foreach (var content in contents)
                Assert.True(content.Verify(_folder[name, content.Name]).IsGood);
            Assert.Empty((await engine.LookAsync()).Blamed);
            foreach (var crowd in crowds)
                await crowd.DisposeAsync();
            await engine.StopAsync();
            return (elapsed, memory);
        }
        finally
        {
            foreach (var crowd in crowds)
                await crowd.DisposeAsync();
            foreach (var peer in honest)
                await peer.DisposeAsync();
        }
    }

    /// <summary>Memory of the engine's process at the end of the first part and of the whole, and what each hostile connection cost.</summary>
    private async Task<(long First, long Last)> WatchAsync(EngineProcess engine, List<HostileCrowd> crowds)
    {
        var started = Stopwatch.GetTimestamp();
        var before = await engine.LookAsync();
        using var pace = new PeriodicTimer(Step);
        EngineFigures? first = null;
        EngineFigures last;
        do
        {
            await pace.WaitForNextTickAsync();
            last = await engine.LookAsync();
            var elapsed = Stopwatch.GetElapsedTime(started);
            output.WriteLine(FormattableString.Invariant(
                $"{elapsed.TotalSeconds,4:0} s: {crowds.Sum(static crowd => crowd.Connections)} connections, {last.Resident / MiB} MiB resident, heap {last.Heap / MiB} MiB, {last.Live / MiB} MiB of it in use, {last.Bans} bans"));
            if (elapsed >= First)
                first ??= last;
        }
        while (Stopwatch.GetElapsedTime(started) < Total);

        var connections = crowds.Sum(static crowd => crowd.Connections);
        var processor = last.ProcessorSeconds - before.ProcessorSeconds;
        output.WriteLine(FormattableString.Invariant(
            $"{Count} hostile peers, {connections} connections in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; resident {first!.Resident / MiB} MiB after {First.TotalSeconds:0} s, {last.Resident / MiB} MiB at the end"));
        output.WriteLine(FormattableString.Invariant(
            $"processor {processor:0.0} s of the engine, {1000 * processor / Math.Max(1, connections):0.00} ms a hostile connection"));
        foreach (var cause in last.Faults)
            output.WriteLine(FormattableString.Invariant($"  {cause.Key}: {cause.Value}"));
        Assert.True(connections > Count, $"{connections} connections only");
        Assert.InRange(last.Bans, 0, 10_000);
        return (first.Resident, last.Resident);
    }

    private static async Task HonestAsync(GeneratedContent content, List<StubPeer> all)
    {
        var peer = await StubPeer.StartAsync(PeerScript.Healthy(IsFull ? HonestRate / 4 : HonestRate), content.InfoHash, content);
        all.Add(peer);
    }

    private static async Task CompletesAsync(EngineProcess engine, GeneratedContent[] contents, TimeSpan patience)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.GetTimestamp();
        while ((await engine.LookAsync()).Completed.Count < contents.Length)
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new TimeoutException("The honest downloads do not complete.");
            await pace.WaitForNextTickAsync();
        }
    }

    private static GeneratedContent Content(string name, ulong seed, long length) => new(name, seed, 64 << 10, [new("file.bin", length)]);
}
