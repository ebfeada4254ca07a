using System.Text.Json;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>Reads server-sent events as a browser does.</summary>
internal sealed class ServerEvents : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    private ServerEvents(HttpResponseMessage answer, Stream stream)
    {
        _answer = answer;
        _reader = new StreamReader(stream);
    }

    /// <summary>The last id that was read.</summary>
    public string LastId { get; private set; } = "";

    public static async Task<ServerEvents> OpenAsync(HttpClient http, string path = "/api/v1/events", string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new ServerEvents(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads the next event.</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync()
    {
        var name = "message";
        var data = "";
        while (await _reader.ReadLineAsync(_patience.Token) is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
                return (name, JsonDocument.Parse(data).RootElement.Clone());
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data += line[6..];
        }
        throw new EndOfStreamException("The events ended.");
    }

    /// <summary>Reads on until an event of a name passes a test.</summary>
    public async Task<JsonElement> Until(string name, Func<JsonElement, bool>? isIt = null)
    {
        while (true)
        {
            var (found, data) = await NextAsync();
            if (found == name && (isIt is null || isIt(data)))
                return data;
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _answer.Dispose();
        _patience.Dispose();
        return ValueTask.CompletedTask;
    }
}
