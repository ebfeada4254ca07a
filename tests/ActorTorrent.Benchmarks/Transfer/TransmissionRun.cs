using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One run of transmission-daemon, steered through its RPC.</summary>
internal sealed class TransmissionRun : MeasuredRun
{
    private const string SessionHeader = "X-Transmission-Session-Id";
    private const int Stopped = 0;
    private const int Seeding = 6;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly TransferScene _scene;
    private readonly Uri _rpc;
    private readonly bool _isFetching;
    private string _session = "";

    public TransmissionRun(ClientProcess process, TransferScene scene, int port, Uri rpc, bool isFetching)
        : base(process)
    {
        _scene = scene;
        _rpc = rpc;
        _isFetching = isFetching;
        Port = port;
    }

    public override bool EndsByItself => false;

    public override async Task ReadyAsync(CancellationToken stop)
    {
        await Poll.Until("transmission answers its RPC", () => AnswersAsync(stop), stop);
        // By its path: the request stays small.
        await CallAsync("torrent-add", new JsonObject { ["filename"] = _scene.Content.Torrent }, stop);
        await Poll.Until(
            "transmission has started the torrent",
            async () => (int?)(await StateAsync(stop, "status"))["status"] is { } status && (_isFetching ? status is not Stopped : status is Seeding),
            stop);
    }

    public override async Task<long> CompleteAsync(CancellationToken stop)
    {
        await ReadyAsync(stop);
        foreach (var seeder in _scene.Opposite)
            await seeder.TellAsync(EndPoint);
        await Poll.Until(
            "transmission has fetched everything",
            async () =>
            {
                Process.MustRun();
                var state = await StateAsync(stop, "leftUntilDone", "status", "error", "errorString", "downloadedEver");
                if ((int?)state["error"] is 3)
                    throw Process.Failure($"it said {state["errorString"]}");
                if (FirstPayloadAt is null && (long?)state["downloadedEver"] > 0)
                    FirstPayloadAt = Stopwatch.GetTimestamp();
                return (long?)state["leftUntilDone"] == 0 && (int?)state["status"] == Seeding;
            },
            stop);
        CpuUntilComplete = Process.Cpu().TotalSeconds;
        return Stopwatch.GetTimestamp();
    }

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return base.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken stop)
    {
        Process.MustRun();
        try
        {
            await CallAsync("session-get", new JsonObject { ["fields"] = new JsonArray("version") }, stop);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonNode> StateAsync(CancellationToken stop, params IEnumerable<string> fields)
    {
        var names = new JsonArray([.. fields.Select(static f => (JsonNode)f)]);
        var answer = await CallAsync("torrent-get", new JsonObject { ["fields"] = names }, stop);
        return answer["torrents"]?.AsArray().FirstOrDefault() ?? new JsonObject();
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject arguments, CancellationToken stop)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _rpc);
            request.Headers.Add(SessionHeader, _session);
            request.Content = JsonContent.Create(new JsonObject { ["method"] = method, ["arguments"] = arguments.DeepClone() });
            using var response = await _http.SendAsync(request, stop);
            if (response.StatusCode == HttpStatusCode.Conflict)
            {
                _session = response.Headers.GetValues(SessionHeader).First();
                continue;
            }
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(stop);
            return (string?)answer?["result"] == "success"
                ? answer["arguments"] ?? new JsonObject()
                : throw Process.Failure($"it refused {method}: {answer?["result"]}");
        }
    }
}
