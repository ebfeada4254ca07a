using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>The Transmission RPC of a daemon on this machine, and what else it serves over HTTP.</summary>
internal sealed class RpcClient(int port) : IDisposable
{
    private const string SessionHeader = "X-Transmission-Session-Id";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
        Timeout = TimeSpan.FromMinutes(2),
    };

    private string _session = "";

    public HttpClient Http => _http;

    /// <summary>Calls a method.</summary>
    /// <returns>The answer's bytes.</returns>
    public async Task<byte[]> PostAsync(string method, JsonObject arguments, CancellationToken stop)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["method"] = method, ["arguments"] = arguments.DeepClone() }.ToJsonString());
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/transmission/rpc") { Content = new ByteArrayContent(body) };
            request.Headers.Add(SessionHeader, _session);
            using var response = await _http.SendAsync(request, stop);
            if (response.StatusCode == HttpStatusCode.Conflict)
            {
                _session = response.Headers.GetValues(SessionHeader).First();
                continue;
            }
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadAsByteArrayAsync(stop);
        }
    }

    /// <summary>Calls a method that must succeed.</summary>
    /// <returns>The answer's arguments.</returns>
    public async Task<JsonObject> CallAsync(string method, JsonObject arguments, CancellationToken stop)
    {
        var answer = JsonNode.Parse(await PostAsync(method, arguments, stop))!;
        return (string?)answer["result"] == "success"
            ? answer["arguments"]!.AsObject()
            : throw new InvalidOperationException($"{method} was refused: {answer["result"]}");
    }

    /// <summary>The states of all torrents; null while it does not answer.</summary>
    public async Task<int[]?> StatesAsync(CancellationToken stop)
    {
        try
        {
            var answer = await CallAsync("torrent-get", new JsonObject { ["fields"] = new JsonArray("status") }, stop);
            return [.. answer["torrents"]!.AsArray().Select(static torrent => (int)torrent!["status"]!)];
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
