using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Lab.Trackers;

/// <summary>
/// A tracker inside the process, over HTTP and, if wanted, UDP: announce and scrape for many torrents, and faults on demand. For demos, studies
/// and tests; it believes the <c>ip</c> parameter of clients on loopback, since all of those would have one address.
/// </summary>
public sealed class LabTracker : IAsyncDisposable
{
    private const int ChunkSize = 64 << 10;
    private const string NotServed = "This tracker does not serve that torrent.";

    private readonly LabTrackerOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;
    private Uri? _announceUri;
    private volatile TrackerFault? _fault;
    private volatile UdpTrackerFault? _udpFault;
    private UdpTrackerPort? _udp;
    private Uri? _udpAnnounceUri;

    /// <summary>Makes a tracker; <see cref="StartAsync"/> opens it.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public LabTracker(LabTrackerOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new LabTrackerOptions();
        _time = time ?? TimeProvider.System;
        _fault = _options.Fault;
        _udpFault = _options.UdpFault;
        Swarms = new SwarmRegistry(_options.Interval, _options.Seed, _time, _options.MaxTorrents, _options.MaxPeersPerTorrent);
    }

    /// <summary>What it knows.</summary>
    public SwarmRegistry Swarms { get; }

    /// <summary>What it does wrong from now on; nothing when null.</summary>
    public TrackerFault? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>What it does wrong over UDP from now on; nothing when null.</summary>
    public UdpTrackerFault? UdpFault
    {
        get => _udpFault;
        set => _udpFault = value;
    }

    /// <summary>Called for each question that comes in over UDP, before any fault, on the thread that serves it.</summary>
    public Action<UdpRequest>? OnUdpRequest { get; init; }

    /// <summary>Called for each announce that is booked, on the thread that serves it.</summary>
    public Action<LabAnnounce>? OnAnnounce { get; init; }

    /// <summary>Called for each announce request that comes in, before any fault, on the thread that serves it.</summary>
    public Action? OnRequest { get; init; }

    /// <summary>The announce URL, known once it is started.</summary>
    public Uri AnnounceUri => _announceUri ?? throw new InvalidOperationException("The tracker is not started.");

    /// <summary>The announce URL for UDP, known once it is started.</summary>
    public Uri UdpAnnounceUri => _udpAnnounceUri ?? throw new InvalidOperationException("The tracker is not started, or does not speak UDP.");

    /// <summary>The port it listens on, known once it is started.</summary>
    public int Port => AnnounceUri.Port;

    /// <summary>Starts to listen.</summary>
    /// <param name="address">Where; 127.0.0.1 by default.</param>
    /// <param name="port">Which port; 0 takes a free one.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public async Task StartAsync(IPAddress? address = null, int port = 0, CancellationToken cancellationToken = default)
    {
        if (_app is not null)
            throw new InvalidOperationException("The tracker is started already.");
        address ??= IPAddress.Loopback;

        // The empty builder reads no settings files, no environment and logs nothing: the tracker is a part, not a program.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.Run(HandleAsync);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        _app = app;
        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        _announceUri = new UriBuilder(Uri.UriSchemeHttp, Reachable(address), BindingAddress.Parse(bound).Port, "/announce").Uri;
        if (_options.UdpPort is not { } udpPort)
            return;
        try
        {
            _udp = new UdpTrackerPort(new IPEndPoint(address, udpPort), _time, AnswerUdp) { Fault = () => _udpFault, OnRequest = OnUdpRequest };
        }
        catch (SocketException e)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw new IOException($"UDP port {udpPort}: {e.Message}", e);
        }
        _udpAnnounceUri = new UriBuilder(UdpTracker.Scheme, Reachable(address), _udp.Port, "/announce").Uri;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        if (_udp is { } udp)
            await udp.DisposeAsync().ConfigureAwait(false);

        // Requests that a fault holds are cut, not waited for.
        await _stopping.CancelAsync().ConfigureAwait(false);
        await app.StopAsync().ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static string Reachable(IPAddress address)
    {
        var reachable = address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address;
        return reachable.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{reachable}]" : reachable.ToString();
    }

    // The query as it was sent: its values are bytes, which the framework's own parser would decode as UTF-8.
    private static string RawQuery(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? string.Empty : target[(mark + 1)..];
    }

    private static IPAddress ClientAddress(HttpContext context, AnnounceQuery query)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) && query.Ip is { } claimed ? claimed : address;
    }

    private async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            if (context.Request.Path.Equals("/announce", StringComparison.Ordinal))
                await AnnounceAsync(context, _fault, ended.Token).ConfigureAwait(false);
            else if (context.Request.Path.Equals("/scrape", StringComparison.Ordinal))
                await ReplyAsync(context, Scrape(context), false, ended.Token).ConfigureAwait(false);
            else
                context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or we are going: nobody is left to answer.
            context.Abort();
        }
    }

    private async Task AnnounceAsync(HttpContext context, TrackerFault? fault, CancellationToken cancellationToken)
    {
        OnRequest?.Invoke();
        switch (fault)
        {
            case TrackerFault.Failure failure:
                await ReplyAsync(context, HttpAnnounceServer.WriteFailure(failure.Text), false, cancellationToken).ConfigureAwait(false);
                return;
            case TrackerFault.HttpStatus status:
                context.Response.StatusCode = status.Status;
                return;
            case TrackerFault.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
                return;
            case TrackerFault.Slow slow:
                await Task.Delay(slow.Delay, _time, cancellationToken).ConfigureAwait(false);
                break;
            case TrackerFault.Garbage garbage:
                await ReplyAsync(context, garbage.Body, false, cancellationToken).ConfigureAwait(false);
                return;
            case TrackerFault.EndlessBody:
                await ReplyWithoutEndAsync(context, cancellationToken).ConfigureAwait(false);
                return;
            case TrackerFault.GzipBomb bomb:
                await ReplyAsync(context, new byte[bomb.Length], true, cancellationToken).ConfigureAwait(false);
                return;
            case TrackerFault.RedirectLoop:
                Redirect(context, $"/announce?{RawQuery(context)}&again=1");
                return;
            case TrackerFault.RedirectTo redirect:
                Redirect(context, $"{redirect.Target}?{RawQuery(context)}");
                return;
        }
        await ReplyAsync(context, Answer(context), fault is TrackerFault.Gzip, cancellationToken).ConfigureAwait(false);
    }

    private ReadOnlyMemory<byte> Answer(HttpContext context)
    {
        if (!HttpAnnounceServer.TryParse(RawQuery(context), out var query, out var error))
            return HttpAnnounceServer.WriteFailure(error);
        if (!IsServed(query.Request.InfoHash))
            return HttpAnnounceServer.WriteFailure(NotServed);
        var response = Book(query, ClientAddress(context, query), context.Request.Headers.UserAgent.ToString());
        return HttpAnnounceServer.WriteResponse(response, query.Compact, query.NoPeerId);
    }

    private AnnounceResponse Book(AnnounceQuery query, IPAddress address, string userAgent)
    {
        var request = query.Request;
        var peer = new SwarmPeer(new IPEndPoint(address, request.Port), request.PeerId, request.Left == 0);
        OnAnnounce?.Invoke(new LabAnnounce(query, peer.EndPoint, userAgent));
        var numWant = Math.Min(request.NumWant < 0 ? _options.DefaultNumWant : request.NumWant, _options.MaxNumWant);
        var sample = Swarms.Announce(request.InfoHash, peer, request.Event, numWant);
        return new AnnounceResponse(
            _options.Interval,
            _options.MinInterval,
            [.. sample.Peers.Select(other => new TrackerPeer(other.EndPoint, other.PeerId))],
            sample.Counts.Seeders,
            sample.Counts.Leechers,
            _options.Warning,
            _options.TrackerId);
    }

    /// <summary>The answer to a question over UDP whose connection id is right.</summary>
    private byte[] AnswerUdp(UdpRequest request, IPEndPoint from)
    {
        switch (request)
        {
            case UdpRequest.Announce announce when IsServed(announce.Request.InfoHash):
                var address = IPAddress.IsLoopback(from.Address) && announce.Ip is { } claimed ? claimed : from.Address;
                var response = Book(new AnnounceQuery(announce.Request, true, true, announce.Ip), address, "");
                return UdpTrackerServer.WriteAnnounce(request.TransactionId, response, from.AddressFamily);
            case UdpRequest.Scrape scrape:
                return UdpTrackerServer.WriteScrape(request.TransactionId, [.. scrape.InfoHashes.Select(Numbers)]);
            default:
                return UdpTrackerServer.WriteError(request.TransactionId, NotServed);
        }
    }

    private ScrapeEntry Numbers(InfoHash infoHash) => IsServed(infoHash) && Swarms.Scrape(infoHash) is { } counts
        ? new ScrapeEntry(counts.Seeders, counts.Completed, counts.Leechers)
        : new ScrapeEntry(0, 0, 0);

    private ReadOnlyMemory<byte> Scrape(HttpContext context)
    {
        if (!HttpScrape.TryParse(RawQuery(context), out var infoHashes, out var error))
            return HttpAnnounceServer.WriteFailure(error);
        var entries = new Dictionary<InfoHash, ScrapeEntry>();
        foreach (var infoHash in (infoHashes.Count == 0 ? Swarms.InfoHashes : infoHashes).Where(IsServed))
        {
            if (Swarms.Scrape(infoHash) is { } counts)
                entries[infoHash] = new ScrapeEntry(counts.Seeders, counts.Completed, counts.Leechers);
        }
        return HttpScrape.WriteResponse(entries);
    }

    private bool IsServed(InfoHash infoHash) => _options.AllowedInfoHashes is not { } allowed || allowed.Contains(infoHash);

    private static void Redirect(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = location;
    }

    private static async Task ReplyAsync(HttpContext context, ReadOnlyMemory<byte> body, bool gzip, CancellationToken cancellationToken)
    {
        if (gzip)
        {
            var packed = new MemoryStream();
            await using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
            body = packed.ToArray();
            context.Response.Headers.ContentEncoding = "gzip";
        }
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ReplyWithoutEndAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var chunk = new byte[ChunkSize];
        chunk.AsSpan().Fill((byte)'0');
        "d8:intervali"u8.CopyTo(chunk);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await context.Response.Body.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
    }
}
