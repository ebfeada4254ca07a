using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorTorrent.Service;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Remote;

/// <summary>A running service, over its REST API.</summary>
internal sealed class RemoteClient : IDisposable
{
    private const string Root = "api/v1/";

    // Deleting a torrent's files takes as long as its disk takes.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly bool _hasLogin;

    /// <param name="url">Where the service is.</param>
    /// <param name="login">Who asks; null when nobody has to be said.</param>
    /// <param name="patience">How long an answer may take; null for as long as is usual.</param>
    public RemoteClient(Uri url, AuthenticationHeaderValue? login, TimeSpan? patience = null)
    {
        Url = url.AbsoluteUri.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
        _hasLogin = login is not null;
        // A proxy of the environment is for the way out, not for this host.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !url.IsLoopback, ConnectTimeout = LongestConnect })
        {
            BaseAddress = Url,
            Timeout = patience ?? LongestAnswer,
        };
        _http.DefaultRequestHeaders.Authorization = login;
    }

    /// <summary>Where the service is.</summary>
    public Uri Url { get; }

    /// <summary>All torrents.</summary>
    public Task<IReadOnlyList<TorrentResource>> TorrentsAsync(CancellationToken stop) => GetAsync("torrents", ApiJson.Default.IReadOnlyListTorrentResource, stop);

    /// <summary>All torrents, without a task: for the shell's completion, which has nothing else to do.</summary>
    public IReadOnlyList<TorrentResource> Torrents()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Root + "torrents");
        using var answer = _http.Send(request);
        answer.EnsureSuccessStatusCode();
        using var body = answer.Content.ReadAsStream();
        return JsonSerializer.Deserialize(body, ApiJson.Default.IReadOnlyListTorrentResource) ?? [];
    }

    /// <summary>The session in numbers.</summary>
    public Task<SessionResource> SessionAsync(CancellationToken stop) => GetAsync("session", ApiJson.Default.SessionResource, stop);

    /// <summary>A torrent's peers.</summary>
    public Task<IReadOnlyList<PeerResource>> PeersAsync(int id, CancellationToken stop) =>
        GetAsync(Of(id, "/peers"), ApiJson.Default.IReadOnlyListPeerResource, stop);

    /// <summary>A torrent's files; none while the engine has not taken it in.</summary>
    public async Task<IReadOnlyList<FileResource>> FilesAsync(int id, CancellationToken stop)
    {
        try
        {
            return await GetAsync(Of(id, "/files"), ApiJson.Default.IReadOnlyListFileResource, stop).ConfigureAwait(false);
        }
        catch (RemoteException e) when (e.Status == HttpStatusCode.Conflict)
        {
            return [];
        }
    }

    /// <summary>A torrent's trackers.</summary>
    public Task<IReadOnlyList<TrackerResource>> TrackersAsync(int id, CancellationToken stop) =>
        GetAsync(Of(id, "/trackers"), ApiJson.Default.IReadOnlyListTrackerResource, stop);

    /// <summary>Faults of peers, the oldest first.</summary>
    /// <param name="infoHash">Of one torrent; null for all.</param>
    /// <param name="after">Only those with a higher number.</param>
    /// <param name="most">How many at most, the latest of them.</param>
    /// <param name="stop">Gives up.</param>
    public Task<IReadOnlyList<FaultResource>> FaultsAsync(string? infoHash, long after, int most, CancellationToken stop) => GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"faults?after={after}&limit={most}{(infoHash is null ? "" : "&torrent=" + infoHash)}"),
        ApiJson.Default.IReadOnlyListFaultResource,
        stop);

    /// <summary>Adds a torrent.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The torrent, and whether it was there before.</returns>
    public async Task<(TorrentResource Torrent, bool WasThere)> AddAsync(RemoteTorrent torrent, CancellationToken stop)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            torrent.Write(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, Root + "torrents")
        {
            Content = new ReadOnlyMemoryContent(buffer.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        return await SendAsync(
            request, async answer => (await ReadAsync(answer, ApiJson.Default.TorrentResource, stop).ConfigureAwait(false), answer.StatusCode == HttpStatusCode.OK), stop)
            .ConfigureAwait(false);
    }

    /// <summary>Stops a torrent.</summary>
    public Task PauseAsync(int id, CancellationToken stop) => DoAsync(HttpMethod.Post, Of(id, "/actions/pause"), stop);

    /// <summary>Lets a torrent go on.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="isForced">Whether it does not wait for its turn.</param>
    /// <param name="stop">Gives up.</param>
    public Task ResumeAsync(int id, bool isForced, CancellationToken stop) =>
        DoAsync(HttpMethod.Post, Of(id, "/actions/resume" + (isForced ? "?force=true" : "")), stop);

    /// <summary>Lets a torrent go.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="withData">Whether its files are deleted, too.</param>
    /// <param name="stop">Gives up.</param>
    public Task RemoveAsync(int id, bool withData, CancellationToken stop) =>
        DoAsync(HttpMethod.Delete, Of(id, withData ? "?withData=true" : ""), stop);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Of(int id, string rest) => string.Create(CultureInfo.InvariantCulture, $"torrents/{id}{rest}");

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Root + path);
        return await SendAsync(request, answer => ReadAsync(answer, type, stop), stop).ConfigureAwait(false);
    }

    private async Task DoAsync(HttpMethod method, string path, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, Root + path);
        await SendAsync(request, static _ => Task.FromResult(true), stop).ConfigureAwait(false);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? await read(answer).ConfigureAwait(false) : throw await FailureAsync(answer, stop).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new RemoteException($"No service answers at {Url} ({e.Message}). Start one with 'actortorrent serve', or say with --url where it is.");
        }
        catch (IOException e)
        {
            throw new RemoteException($"{Url} broke off its answer: {e.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new RemoteException($"{Url} gives no answer.");
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/json")
            throw Stranger(answer);
        try
        {
            var body = await answer.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(body, type, stop).ConfigureAwait(false) ?? throw Stranger(answer);
        }
        catch (JsonException e)
        {
            throw new RemoteException($"{Url} answers what this program does not understand ({e.Message}); is it of another version?");
        }
    }

    private async Task<RemoteException> FailureAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new RemoteException(
                _hasLogin
                    ? $"{Url} does not take this login: look at --token (or {RemoteOptions.TokenVariable}) or --user (or {RemoteOptions.UserVariable})."
                    : $"{Url} wants a login: give --token TOKEN (or {RemoteOptions.TokenVariable}), or --user NAME:PASSWORD (or {RemoteOptions.UserVariable}).",
                ExitCode.BadInput,
                answer.StatusCode);
        }
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return Stranger(answer);
        var body = await answer.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        Problem? problem = null;
        try
        {
            problem = await JsonSerializer.DeserializeAsync(body, ApiJson.Default.Problem, stop).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            // The status says what there is to say.
        }
        var isOurs = (int)answer.StatusCode < 500 && answer.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests);
        return new RemoteException(
            Text.Printable(problem?.Detail ?? string.Create(CultureInfo.InvariantCulture, $"{Url} answered {(int)answer.StatusCode}.")),
            isOurs ? ExitCode.BadInput : ExitCode.Failed,
            answer.StatusCode);
    }

    private RemoteException Stranger(HttpResponseMessage answer) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"What answers at {Url} is no ActorTorrent service: {(int)answer.StatusCode} {Text.Printable(answer.ReasonPhrase ?? "")}. Say with --url where it is."),
        ExitCode.Failed,
        answer.StatusCode);
}
