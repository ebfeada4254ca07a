using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Creation;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Service.Session;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTorrent.Service.Api;

/// <summary>Making torrents, and probing peers.</summary>
internal static class ToolEndpoints
{
    private const int MostPeers = 1000;

    // Hashing takes every core that there is: one at a time.
    private static readonly SemaphoreSlim Creating = new(1);
    private static readonly SemaphoreSlim Probing = new(4);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/create", ApiAnswers.Handler(CreateAsync));
        routes.MapPost("/probe", ApiAnswers.Handler(ProbeAsync));
    }

    private static async Task CreateAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        var path = body.Text("path") ?? throw new ApiException(StatusCodes.Status400BadRequest, "'path' is needed: the file or folder to share.", "/path");
        var trackers = (body.Texts("trackers", 100) ?? []).Select((text, i) => UrlOf(text, "trackers", i, "http", "https", "udp")).ToArray();
        var seeds = (body.Texts("webSeeds", 100) ?? []).Select((text, i) => UrlOf(text, "webSeeds", i, "http", "https")).ToArray();
        var recipe = new TorrentRecipe
        {
            Trackers = trackers,
            WebSeeds = seeds,
            IsPrivate = body.Flag("private") ?? false,
            PieceLength = (int?)body.Number("pieceLength", 1 << 14, 1 << 30),
            Comment = body.Text("comment"),
            Source = body.Text("source", most: 100),
            CreatedBy = "ActorTorrent",
        };
        body.Finish();
        var full = Paths.Confined(context, path);
        await Creating.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var stop = context.RequestAborted;
            var tree = await Task.Run(() => SourceTree.Scan(full, recipe.Style, null, stop), stop).ConfigureAwait(false);
            var made = await TorrentCreator.CreateAsync(tree, recipe, cancelled: stop).ConfigureAwait(false);
            var layout = made.Metainfo.Layout;
            await ApiAnswers.JsonAsync(
                context,
                new CreatedResource(
                    made.Metainfo.InfoHash.ToString(),
                    made.Metainfo.Name,
                    layout.TotalLength,
                    layout.Files.Count,
                    layout.PieceCount,
                    layout.PieceLength,
                    made.Bytes.ToArray(),
                    tree.Skipped),
                ApiJson.Default.CreatedResource).ConfigureAwait(false);
        }
        catch (CreationException e)
        {
            throw new ApiException(
                e.Failure switch
                {
                    CreationFailure.BadInput => StatusCodes.Status400BadRequest,
                    CreationFailure.Changed => StatusCodes.Status409Conflict,
                    _ => StatusCodes.Status503ServiceUnavailable,
                },
                e.Message);
        }
        finally
        {
            Creating.Release();
        }
    }

    private static async Task ProbeAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        var hash = InfoHash.TryParse(body.Text("infoHash", most: 40), out var parsed) ? parsed : throw JsonBody.Wrong("/infoHash", "an info hash in hex");
        var peers = (body.Texts("peers", MostPeers, longest: 100) ?? []).Select((text, i) =>
            IPEndPoint.TryParse(text, out var peer) && peer.Port != 0 ? peer : throw JsonBody.Wrong(JsonBody.Pointer("peers", i), "an address with a port")).ToArray();
        var options = new ProbeOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(body.Real("connectTimeout", 0.1, 60) ?? 5),
            HandshakeTimeout = TimeSpan.FromSeconds(body.Real("handshakeTimeout", 0.1, 60) ?? 10),
            Concurrency = 200,
        };
        body.Finish();
        await Probing.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var results = new List<ProbeResource>(peers.Length);
            var prober = new PeerProber(hash, PeerId.Create(Random.Shared), options);
            await foreach (var result in prober.ProbeAsync(peers, context.RequestAborted).ConfigureAwait(false))
            {
                results.Add(new ProbeResource(
                    result.EndPoint.ToString(),
                    result.Outcome.ToToken(),
                    result.PeerId?.ToHex(),
                    result.Client,
                    Math.Round(result.Elapsed.TotalMilliseconds, 1),
                    result.Detail));
            }
            await ApiAnswers.JsonAsync(context, results, ApiJson.Default.IReadOnlyListProbeResource).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new SessionException(SessionErrorKind.Failed, $"This host has no more sockets to give: {e.Message}.");
        }
        finally
        {
            Probing.Release();
        }
    }

    private static Uri UrlOf(string text, string name, int index, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme)
            ? url
            : throw JsonBody.Wrong(JsonBody.Pointer(name, index), $"an address that begins with {string.Join(", ", schemes.Select(scheme => scheme + "://"))}");
}
