using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;

namespace ActorTorrent.Service.Session;

/// <summary>
/// Gets torrent files, blocklists and the like from addresses that users name, under the rules for trackers: time, bytes and redirects are
/// bounded, and a redirect never leads nearer to this host. What callers of the API name does not lead to this host itself, unless its
/// configuration lets it.
/// </summary>
internal sealed class TorrentFetcher
{
    private const int LargestBody = 64 << 20;

    private readonly HttpTrackerClient _client;
    private readonly bool _allowsHost;

    /// <param name="options">Deadlines.</param>
    /// <param name="connector">Makes the connections.</param>
    /// <param name="allowsHost">Whether callers may name addresses of this host itself.</param>
    public TorrentFetcher(TrackerOptions options, OutgoingConnector connector, bool allowsHost)
    {
        _allowsHost = allowsHost;
        _client = new HttpTrackerClient(options with { BodyLimitBytes = LargestBody }, connector: connector);
    }

    /// <summary>Gets what is at an address.</summary>
    /// <param name="uri">The address, http or https.</param>
    /// <param name="cookies">Cookies to send along; null for none.</param>
    /// <param name="isConfigured">Whether the address stands in the host's configuration, not in what a caller says.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="SessionException">It cannot be had.</exception>
    public Task<ReadOnlyMemory<byte>> GetAsync(Uri uri, string? cookies, bool isConfigured, CancellationToken stop) => SendAsync(
        uri,
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, uri);
            if (cookies is not null)
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            return request;
        },
        isConfigured || _allowsHost,
        stop);

    /// <summary>Posts JSON to an address of the host's configuration.</summary>
    /// <param name="uri">The address, http or https.</param>
    /// <param name="json">The JSON.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="SessionException">It was not taken.</exception>
    public Task PostAsync(Uri uri, byte[] json, CancellationToken stop) => SendAsync(
        uri,
        () =>
        {
            var content = new ByteArrayContent(json);
            content.Headers.ContentType = new("application/json");
            return new HttpRequestMessage(HttpMethod.Post, uri) { Content = content };
        },
        allowsHost: true,
        stop);

    private async Task<ReadOnlyMemory<byte>> SendAsync(Uri uri, Func<HttpRequestMessage> request, bool allowsHost, CancellationToken stop)
    {
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            throw new SessionException(SessionErrorKind.Invalid, "Only http and https addresses are fetched.");
        var (body, error) = await _client.SendAsync(uri, request, allowsHost, stop).ConfigureAwait(false);
        return error is null ? body : throw new SessionException(SessionErrorKind.Failed, error.Message);
    }
}
