using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Trackers;

/// <summary>
/// Announces and scrapes over HTTP and HTTPS. A tracker is not trusted: time, bytes (after decompression) and redirects are bounded, and a
/// redirect never leads nearer to this host than the tracker that sent it stands.
/// </summary>
public sealed class HttpTrackerClient : ITrackerClient
{
    private const int ReadSize = 16 << 10;
    private const int HeaderLimitKib = 16;

    private readonly TrackerOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly Func<IPAddress, NetworkZone> _zoneOf;
    private readonly RemoteCertificateValidationCallback? _trust;
    private readonly OutgoingConnector _connector;

    /// <summary>Makes a client; one serves a whole engine.</summary>
    /// <param name="options">Limits and deadlines.</param>
    /// <param name="time">What the deadlines are measured by; the system's by default.</param>
    /// <param name="connector">Makes the connections; directly, by default.</param>
    public HttpTrackerClient(TrackerOptions options, TimeProvider? time = null, OutgoingConnector? connector = null)
        : this(options, time ?? TimeProvider.System, Dns.GetHostAddressesAsync, NetworkZones.Of, connector: connector)
    {
    }

    internal HttpTrackerClient(
        TrackerOptions options,
        TimeProvider time,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve,
        Func<IPAddress, NetworkZone> zoneOf,
        RemoteCertificateValidationCallback? trust = null,
        OutgoingConnector? connector = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _resolve = resolve;
        _zoneOf = zoneOf;
        _trust = trust;
        _connector = connector ?? new OutgoingConnector();
    }

    /// <inheritdoc/>
    public async Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var uri = HttpAnnounce.BuildUri(tracker, request);
        using var deadline = new CancellationTokenSource(_options.AnnounceTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var families = await FamiliesAsync(tracker.IdnHost, either.Token).ConfigureAwait(false);
        if (families.Count < 2)
            return await AnnounceAsync(null, either.Token).ConfigureAwait(false);
        return await BothFamilies.AnnounceAsync(
            families, _options.OtherFamilyPatience, _time, (family, cancellation) => AnnounceAsync(family, cancellation), either.Token).ConfigureAwait(false);

        async Task<TrackerAnswer> AnnounceAsync(AddressFamily? family, CancellationToken cancellation)
        {
            var (answer, error) = await AskAsync(
                tracker,
                async () =>
                {
                    var (body, isLocal) = await FetchAsync(uri, family, first: null, allowsHost: true, cancellation).ConfigureAwait(false);
                    return new TrackerAnswer.Success(HttpAnnounce.ParseResponse(body), isLocal);
                },
                () => deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested).ConfigureAwait(false);
            return answer ?? (TrackerAnswer)new TrackerAnswer.Failure(error!);
        }
    }

    /// <inheritdoc/>
    public async Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tracker);
        ArgumentNullException.ThrowIfNull(torrents);
        var result = new Dictionary<InfoHash, ScrapeEntry>();
        foreach (var part in torrents.Chunk(_options.ScrapeMaxTorrents))
        {
            if (!HttpScrape.TryBuildUri(tracker, part, out var uri))
            {
                return new ScrapeAnswer.Failure(new TrackerError(
                    TrackerErrorKind.NoScrape, $"{tracker.Host} offers no scrape: the last part of its URL's path does not start with 'announce'."));
            }
            using var deadline = new CancellationTokenSource(_options.AnnounceTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            var (answer, error) = await AskAsync(
                tracker,
                async () => HttpScrape.ParseResponse((await FetchAsync(uri, null, first: null, allowsHost: true, either.Token).ConfigureAwait(false)).Body),
                () => deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested).ConfigureAwait(false);
            if (answer is null)
                return new ScrapeAnswer.Failure(error!);

            // What was not asked for is not kept.
            foreach (var torrent in part)
            {
                if (answer.TryGetValue(torrent, out var entry))
                    result[torrent] = entry;
            }
        }
        return new ScrapeAnswer.Success(result);
    }

    /// <summary>Sends any other request under the same rules: time, bytes and redirects are bounded, and no redirect leads nearer to this host.</summary>
    /// <param name="uri">Where to; http or https.</param>
    /// <param name="request">Makes the request; redirects are followed with a plain GET.</param>
    /// <param name="allowsHost">Whether the address may be one of this host itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The body, or what went wrong.</returns>
    public async Task<(ReadOnlyMemory<byte> Body, TrackerError? Error)> SendAsync(
        Uri uri, Func<HttpRequestMessage> request, bool allowsHost, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(request);
        using var deadline = new CancellationTokenSource(_options.AnnounceTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var (answer, error) = await AskAsync(
            uri,
            async () => Tuple.Create((await FetchAsync(uri, null, request, allowsHost, either.Token).ConfigureAwait(false)).Body),
            () => deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested).ConfigureAwait(false);
        return (answer?.Item1 ?? default, error);
    }

    /// <summary>Runs a question to its answer, or to an error that names what went wrong.</summary>
    private async Task<(T? Answer, TrackerError? Error)> AskAsync<T>(Uri tracker, Func<Task<T>> ask, Func<bool> isOverdue)
        where T : class
    {
        try
        {
            return (await ask().ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (isOverdue())
        {
            return (null, new TrackerError(
                TrackerErrorKind.Timeout, $"{tracker.Host} did not answer within {_options.AnnounceTimeout.TotalSeconds:0.###} s."));
        }
        catch (TrackerFailureException refusal)
        {
            return (null, new TrackerError(TrackerErrorKind.FailureReason, $"{tracker.Host} said: {refusal.Reason}")
            {
                RetryIn = refusal.RetryIn,
                NeverRetry = refusal.NeverRetry,
            });
        }
        catch (TrackerResponseException malformed)
        {
            return (null, new TrackerError(TrackerErrorKind.Malformed, $"{tracker.Host}: {malformed.Message}")
            {
                Field = malformed.Field,
                Offset = malformed.Offset,
            });
        }
        catch (Exception exception) when (exception is TrackerClientException or HttpRequestException or IOException or InvalidDataException)
        {
            return (null, Explain(tracker.Host, exception));
        }
    }

    /// <summary>The families of a name's addresses; none when it is an address itself, or cannot be looked up, which the connection then says.</summary>
    private async Task<IReadOnlyList<AddressFamily>> FamiliesAsync(string host, CancellationToken cancellationToken)
    {
        if (_connector.IsProxied || IPAddress.TryParse(host, out _))
            return [];
        try
        {
            return BothFamilies.Of(await _resolve(host, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return [];
        }
    }

    private static TrackerError Explain(string host, Exception exception)
    {
        // The stack wraps what the connect callback throws; the innermost cause known to us says most.
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case TrackerClientException ours:
                    return ours.Error;
                case AuthenticationException:
                    return new TrackerError(TrackerErrorKind.Tls, $"{host}: {cause.Message}");
                case InvalidDataException:
                    return new TrackerError(TrackerErrorKind.Malformed, $"{host}: the compressed answer is damaged: {cause.Message}");
            }
        }
        return exception is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }
            ? new TrackerError(TrackerErrorKind.Malformed, $"{host} does not speak HTTP: {exception.Message}")
            : new TrackerError(TrackerErrorKind.Unreachable, $"{host}: {(exception.InnerException ?? exception).Message}");
    }

    private async Task<(ReadOnlyMemory<byte> Body, bool IsLocal)> FetchAsync(
        Uri uri, AddressFamily? family, Func<HttpRequestMessage>? first, bool allowsHost, CancellationToken cancellationToken)
    {
        var visited = new HashSet<Uri>();
        var nearest = allowsHost ? NetworkZone.Host : NetworkZone.Lan;
        for (var redirects = 0; ; redirects++)
        {
            if (!visited.Add(uri))
                throw Refuse($"{uri.Host} redirects in a circle.");
            var connection = new Connection(this, family, nearest, redirects > 0, cancellationToken);

            // A handler of its own for each request: the address that was checked is then surely the one that answers, and
            // announces are too rare to gain from a pool.
            using var handler = connection.CreateHandler();
            using var invoker = new HttpMessageInvoker(handler);
            using var request = redirects == 0 && first is not null ? first() : new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
            request.Headers.ConnectionClose = true;
            using var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (IsRedirect(response.StatusCode))
            {
                if (redirects == _options.MaxRedirects)
                    throw Refuse($"{uri.Host} redirects more than {_options.MaxRedirects} times.");
                uri = Target(uri, response);
                nearest = connection.Zone;
                continue;
            }
            var isSuccess = response.IsSuccessStatusCode;
            var body = await ReadAsync(uri, response, cancellationToken).ConfigureAwait(false);
            if (!isSuccess)
                throw HttpFailure(uri, response, body);
            return (body, connection.Address is { } address && IPAddress.IsLoopback(Unmapped(address)));
        }
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri Target(Uri from, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location)
            throw Refuse($"{from.Host} redirects to nowhere.");
        if (!Uri.TryCreate(from, location, out var target) || (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps))
            throw Refuse($"{from.Host} redirects to what is neither http nor https.");

        // The URL may hold a passkey, which came encrypted this far.
        return from.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp
            ? throw Refuse($"{from.Host} redirects from https to http.")
            : target;
    }

    // Some trackers send their failure reason with an error status; it says more than the number.
    private static Exception HttpFailure(Uri uri, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var status = (int)response.StatusCode;
        if (body.Length > 0 && body.Span[0] == (byte)'d')
        {
            try
            {
                HttpAnnounce.ParseResponse(body);
            }
            catch (TrackerFailureException refusal)
            {
                return refusal;
            }
            catch (TrackerResponseException)
            {
                // Not an announce answer after all: the status stands.
                return StatusError(uri, status);
            }
        }
        return StatusError(uri, status);
    }

    private static TrackerClientException StatusError(Uri uri, int status) =>
        new(new TrackerError(TrackerErrorKind.HttpStatus, $"{uri.Host} answered with HTTP status {status}.") { HttpStatus = status });

    private static TrackerClientException Refuse(string message) => new(new TrackerError(TrackerErrorKind.RedirectRefused, message));

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var limit = _options.BodyLimitBytes;
        if (response.Content.Headers.ContentLength > limit)
            throw TooLarge(uri);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var body = new MemoryStream();
            var buffer = new byte[ReadSize];
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + count > limit)
                    throw TooLarge(uri);
                body.Write(buffer, 0, count);
            }
            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
    }

    private TrackerClientException TooLarge(Uri uri) => new(new TrackerError(
        TrackerErrorKind.BodyTooLarge, $"{uri.Host} answered with more than {_options.BodyLimitBytes} bytes."));

    // One request's connection: where it may go, and where it went.
    private sealed class Connection(
        HttpTrackerClient client, AddressFamily? family, NetworkZone nearest, bool isRedirected, CancellationToken announce)
    {
        public IPAddress? Address { get; private set; }

        public NetworkZone Zone { get; private set; }

        public SocketsHttpHandler CreateHandler() => new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = HeaderLimitKib,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = client._trust },
        };

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken pool)
        {
            // The handler lets a connection attempt outlive its request for some seconds; ours ends with the announce.
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(announce, pool);
            var cancellationToken = ended.Token;
            var host = context.DnsEndPoint.Host;
            if (client._connector.IsProxied && !IPAddress.TryParse(host, out _))
            {
                // The proxy looks the name up, so only this one says where it leads to.
                return nearest < NetworkZone.Host && host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                    ? throw Refuse(isRedirected ? $"The tracker redirects to {host}." : $"{host} is this host itself.")
                    : await ConnectAsync(host, AddressFamily.InterNetwork, context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            }
            TrackerClientException? failure = null;
            foreach (var address in await ResolveAsync(host, cancellationToken).ConfigureAwait(false))
            {
                if ((family is { } only && address.AddressFamily != only) || !client._connector.Uses(address.AddressFamily))
                    continue;
                var zone = client._zoneOf(address);
                if (zone > nearest)
                {
                    failure = Refuse(isRedirected
                        ? $"The tracker redirects to {host}, an address on this host or in its network ({address})."
                        : $"{host} is an address of this host itself ({address}).");
                    continue;
                }
                try
                {
                    var target = new IPEndPoint(address, context.DnsEndPoint.Port);
                    var stream = await ConnectAsync($"{host} ({address})", address.AddressFamily, target, cancellationToken).ConfigureAwait(false);
                    Address = address;
                    Zone = zone;
                    return stream;
                }
                catch (TrackerClientException exception)
                {
                    failure = exception;
                }
            }
            throw failure ?? new TrackerClientException(new TrackerError(TrackerErrorKind.Dns, $"{host} has no address."));
        }

        private async Task<Stream> ConnectAsync(string name, AddressFamily addresses, EndPoint target, CancellationToken cancellationToken)
        {
            Socket? socket = null;
            try
            {
                socket = client._connector.Create(addresses);
                using var timeout = new CancellationTokenSource(client._options.ConnectTimeout, client._time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                await client._connector.ConnectAsync(socket, target, either.Token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (OperationCanceledException cancelled)
            {
                socket?.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                throw new TrackerClientException(new TrackerError(TrackerErrorKind.Timeout, $"{name} did not take the connection in time."), cancelled);
            }
            catch (SocketException exception)
            {
                socket?.Dispose();
                var kind = exception.SocketErrorCode == SocketError.ConnectionRefused ? TrackerErrorKind.Refused : TrackerErrorKind.Unreachable;
                throw new TrackerClientException(new TrackerError(kind, $"{name}: {exception.Message}."), exception);
            }
        }

        private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            if (IPAddress.TryParse(host, out var literal))
                return [literal];
            try
            {
                return await client._resolve(host, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                throw new TrackerClientException(
                    new TrackerError(TrackerErrorKind.Dns, $"{host} cannot be resolved: {exception.Message}."), exception);
            }
        }
    }
}
