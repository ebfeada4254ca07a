using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;

namespace ActorTorrent.Service.Tests.Metrics;

/// <summary>What monitoring reads of a service that downloads.</summary>
public sealed class MetricsTests
{
    private readonly GeneratedContent _content = new("content", 31, 64 << 10, [new("file.bin", 3_000_000)]);

    [Fact]
    public async Task Prometheus_reads_what_happens()
    {
        await using var dying = await StubPeer.StartAsync(PeerScript.Dies(300_000, TransferEnding.Reset), _content.InfoHash, _content);
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(3 << 20), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        Assert.StartsWith("# HELP", await service.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await service.AddAsync(_content, dying.EndPoint.ToString(), healthy.EndPoint.ToString());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var text = "";

        await Poll.Until(
            "the metrics tell of the download",
            async () =>
            {
                using var answer = await service.Http.GetAsync("/metrics", patience.Token);
                Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
                text = await answer.Content.ReadAsStringAsync(patience.Token);
                return text.Contains("actortorrent_content_size_bytes{actortorrent_piece_state=\"verified\"} 3000000\n", StringComparison.Ordinal)
                    && text.Contains("actortorrent_transfer_io_bytes_total{network_io_direction=\"receive\"} 3", StringComparison.Ordinal)
                    && text.Contains("actortorrent_faults_total{actortorrent_fault_action=\"restart\",actortorrent_fault_cause=\"reset\",actortorrent_fault_phase=\"transfer\"} ", StringComparison.Ordinal)
                    && text.Contains("actortorrent_actors{actortorrent_actor_kind=\"coordinator\"} 1\n", StringComparison.Ordinal)
                    && text.Contains("actortorrent_peer_handshake_duration_seconds_bucket{", StringComparison.Ordinal);
            },
            patience.Token);

        // Each line is a comment or a sample; no series stands twice.
        var samples = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToList();
        Assert.All(samples, line => Assert.Matches("^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\\n]|\\\\.)*\",?)+\\})? (\\S+)$", line));
        Assert.Equal(samples.Count, samples.Select(line => line[..line.LastIndexOf(' ')]).Distinct().Count());
    }

    [Fact]
    public async Task Metrics_and_traces_reach_a_collector()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using (var service = await ServiceUnderTest.StartAsync(configuration: new Dictionary<string, string?>
        {
            ["Telemetry:Otlp:Endpoint"] = collector.Url,
            ["Telemetry:Otlp:IntervalMilliseconds"] = "200",
            ["Telemetry:Otlp:Headers"] = "x-tenant=tests",
        }))
        {
            var id = await service.AddAsync(_content, healthy.EndPoint.ToString());
            await service.Until(id, torrent => torrent.GetProperty("progress").GetDouble() >= 1);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await Poll.Until("metrics arrive", () => collector.Has("/v1/metrics", "actortorrent.transfer.io"), patience.Token);
        }

        // What was not sent yet is sent at the end.
        Assert.True(collector.Has("/v1/traces", "first_block"), "no trace arrived");
        Assert.True(collector.Has("/v1/traces", _content.InfoHash.ToString()), "the trace does not name its torrent");
        Assert.True(collector.Has("/v1/metrics", "actortorrent"), "the service is not named");
        Assert.All(collector.Requests, request =>
        {
            Assert.Equal("application/x-protobuf", request.ContentType);
            Assert.Equal("tests", request.Tenant);
        });
    }
}
