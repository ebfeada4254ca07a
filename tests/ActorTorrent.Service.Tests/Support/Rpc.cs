using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>The Transmission RPC by raw JSON.</summary>
public sealed class Rpc(HttpClient http)
{
    public const string SessionHeader = "X-Transmission-Session-Id";

    private string _session = "";

    /// <summary>Calls a method that has to succeed; the answer's arguments.</summary>
    public async Task<JsonObject> Call(string method, JsonObject? arguments = null)
    {
        var answer = await Answer(method, arguments);
        Assert.Equal("success", (string?)answer["result"]);
        return answer["arguments"]!.AsObject();
    }

    /// <summary>Calls a method; the whole answer.</summary>
    public async Task<JsonObject> Answer(string? method, JsonObject? arguments = null, int? tag = null)
    {
        var request = new JsonObject();
        if (method is not null)
            request["method"] = method;
        if (arguments is not null)
            request["arguments"] = arguments.DeepClone();
        if (tag is not null)
            request["tag"] = tag;
        using var response = await Post(request.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Posts any body, with the handshake done.</summary>
    public async Task<HttpResponseMessage> Post(string body)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/transmission/rpc") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add(SessionHeader, _session);
            var response = await http.SendAsync(request);
            if (response.StatusCode != HttpStatusCode.Conflict)
                return response;
            _session = response.Headers.GetValues(SessionHeader).Single();
            response.Dispose();
        }
    }

    /// <summary>A field of the first torrent, or null when there is none.</summary>
    public async Task<JsonNode?> Field(string field, int id = 1)
    {
        var answer = await Call("torrent-get", new JsonObject { ["ids"] = new JsonArray(id), ["fields"] = new JsonArray(field) });
        return answer["torrents"]!.AsArray().FirstOrDefault()?[field];
    }
}
