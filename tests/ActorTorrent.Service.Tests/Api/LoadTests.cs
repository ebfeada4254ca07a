using System.Collections.Concurrent;
using System.Diagnostics;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>A hundred clients on the API while a torrent comes in: nobody is let down, and the download hardly notices.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Clients = 100;
    private const double Rate = 24e6;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";
    private static readonly string[] Paths =
    [
        "/api/v1/torrents", "/api/v1/torrents/1", "/api/v1/torrents/1/peers", "/api/v1/torrents/1/pieces", "/api/v1/torrents/1/files", "/api/v1/session",
        "/api/v1/faults?limit=50", "/api/v1/actors", "/metrics", "/",
    ];

    [Fact]
    public Task Many_requests_are_all_answered_and_slow_a_download_little() => Stage.Play(output, TimeSpan.FromMinutes(5), async stage =>
    {
        // As fast as the seed sends, which is what a line would give: at full speed on loopback both ends and the clients share two processors.
        var bytes = (long)(Rate * (IsFull ? 25 : 8));
        var requests = IsFull ? 10_000 : 2000;
        var content = new GeneratedContent("content", 59, 1 << 20, [new("file.bin", bytes)]);
        _ = content.InfoHash;
        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy((long)Rate), content.InfoHash, content);

        var alone = await DownloadAsync(stage, content, seed, null);
        var latencies = new ConcurrentBag<double>();
        var failures = new ConcurrentBag<string>();
        var under = await DownloadAsync(stage, content, seed, (service, done) => Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            // Spread over the time that the download takes alone.
            var pause = alone * 0.9 / (requests / (double)Clients);
            for (var i = 0; i < requests / Clients; i++)
            {
                var path = Paths[(client + i) % Paths.Length];
                var began = Stopwatch.GetTimestamp();
                using var answer = await service.Http.GetAsync(path, stage.Deadline);
                await answer.Content.ReadAsByteArrayAsync(stage.Deadline);
                if (!answer.IsSuccessStatusCode)
                    failures.Add($"{path}: {answer.StatusCode}");
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                await Task.Delay(pause, stage.Deadline);
            }
        }))));

        var sorted = latencies.Order().ToList();
        output.WriteLine($"{requests} requests by {Clients} clients: p50 {sorted[sorted.Count / 2]:F1} ms, p99 {sorted[sorted.Count * 99 / 100]:F1} ms, {failures.Count} errors; "
            + $"{bytes / 1e6:F0} MB in {alone.TotalSeconds:F2} s alone, {under.TotalSeconds:F2} s with them ({(under / alone - 1) * 100:F1} % more)");
        Assert.Empty(failures);
        Assert.Equal(requests, sorted.Count);
        // The goal is a tenth. Where other tests share the processors, one download takes a third longer than the next without any requests.
        Assert.True(under < (IsFull ? alone * 1.1 + TimeSpan.FromMilliseconds(300) : alone * 2), $"{under} instead of {alone}");
    });

    private static async Task<TimeSpan> DownloadAsync(
        Stage stage, GeneratedContent content, StubPeer seed, Func<ServiceUnderTest, CancellationToken, Task>? meanwhile)
    {
        await using var service = await ServiceUnderTest.StartAsync("actortorrent.torrent.snapshot-interval = 50ms");
        var began = Stopwatch.GetTimestamp();
        var id = await service.AddAsync(content, seed.EndPoint.ToString());
        var others = meanwhile?.Invoke(service, stage.Deadline) ?? Task.CompletedTask;
        await foreach (var happened in service.Session.WatchAsync(stage.Deadline))
        {
            if (happened is Session.SessionEvent.Changed { Torrent: { IsComplete: true } view } && view.Id == id)
                break;
        }
        var elapsed = Stopwatch.GetElapsedTime(began);
        await others;
        return elapsed;
    }
}
