using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>The RPC of a transmission-daemon on this machine, and the settings that let it be steered and keep it to itself.</summary>
public sealed class TransmissionRpc(int port) : IDisposable
{
    /// <summary>States of a torrent.</summary>
    public const int Stopped = 0;
    public const int Seeding = 6;

    private const string SessionHeader = "X-Transmission-Session-Id";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri _address = new($"http://127.0.0.1:{port}/transmission/rpc");
    private string _session = "";

    /// <summary>The text of a <c>settings.json</c>: loopback alone, no encryption, no discovery.</summary>
    /// <param name="folder">Where downloads go.</param>
    /// <param name="port">For peers.</param>
    /// <param name="rpcPort">For its RPC.</param>
    /// <param name="messageLevel">How much it logs.</param>
    /// <param name="more">Further settings, or others.</param>
    public static string Settings(string folder, int port, int rpcPort, int messageLevel, params (string Key, object Value)[] more)
    {
        var settings = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["bind-address-ipv4"] = "127.0.0.1",
            ["bind-address-ipv6"] = "::1",
            ["dht-enabled"] = false,
            ["download-dir"] = folder,
            ["encryption"] = 0,
            ["incomplete-dir-enabled"] = false,
            ["lpd-enabled"] = false,
            ["message-level"] = messageLevel,
            ["peer-port"] = port,
            ["peer-port-random-on-start"] = false,
            ["pex-enabled"] = false,
            ["port-forwarding-enabled"] = false,
            ["preallocation"] = 1,
            ["ratio-limit-enabled"] = false,
            ["rename-partial-files"] = false,
            ["rpc-bind-address"] = "127.0.0.1",
            ["rpc-enabled"] = true,
            ["rpc-port"] = rpcPort,
            ["rpc-whitelist"] = "127.0.0.1",
            ["utp-enabled"] = false,
        };
        foreach (var (key, value) in more)
            settings[key] = value;
        return JsonSerializer.Serialize(settings);
    }

    /// <summary>Whether it answers by now.</summary>
    public async Task<bool> Answers(CancellationToken deadline)
    {
        try
        {
            await Call("session-get", new JsonObject { ["fields"] = new JsonArray("version") }, deadline);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Fields of the first torrent; empty while there is none.</summary>
    public async Task<JsonNode> State(CancellationToken deadline, params IEnumerable<string> fields)
    {
        var names = new JsonArray([.. fields.Select(static f => (JsonNode)f)]);
        var answer = await Call("torrent-get", new JsonObject { ["fields"] = names }, deadline);
        return answer["torrents"]?.AsArray().FirstOrDefault() ?? new JsonObject();
    }

    /// <summary>Calls a method.</summary>
    /// <exception cref="InvalidOperationException">It refused.</exception>
    public async Task<JsonNode> Call(string method, JsonObject arguments, CancellationToken deadline)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address);
            request.Headers.Add(SessionHeader, _session);
            request.Content = JsonContent.Create(new JsonObject { ["method"] = method, ["arguments"] = arguments.DeepClone() });
            using var response = await _http.SendAsync(request, deadline);
            if (response.StatusCode == HttpStatusCode.Conflict)
            {
                _session = response.Headers.GetValues(SessionHeader).First();
                continue;
            }
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(deadline);
            return (string?)answer?["result"] == "success"
                ? answer["arguments"] ?? new JsonObject()
                : throw new InvalidOperationException($"transmission refused {method}: {answer?["result"]}");
        }
    }

    public void Dispose() => _http.Dispose();
}
