using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Service.Session;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTorrent.Service.Api;

/// <summary>Torrents: list, add, look, change, remove, and what belongs to one.</summary>
internal static class TorrentEndpoints
{
    private const string JsonType = "application/json";
    private const string TorrentType = "application/x-bittorrent";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/torrents", ApiAnswers.Handler(ListAsync));
        routes.MapPost("/torrents", ApiAnswers.Handler(AddAsync));
        routes.MapGet("/torrents/{id}", ApiAnswers.Handler(GetAsync));
        routes.MapPatch("/torrents/{id}", ApiAnswers.Handler(PatchAsync));
        routes.MapDelete("/torrents/{id}", ApiAnswers.Handler(DeleteAsync));
        routes.MapGet("/torrents/{id}/peers", ApiAnswers.Handler(PeersAsync));
        routes.MapPost("/torrents/{id}/peers", ApiAnswers.Handler(AddPeersAsync));
        routes.MapGet("/torrents/{id}/files", ApiAnswers.Handler(FilesAsync));
        routes.MapGet("/torrents/{id}/trackers", ApiAnswers.Handler(TrackersAsync));
        routes.MapGet("/torrents/{id}/pieces", ApiAnswers.Handler(PiecesAsync));
        routes.MapPost("/torrents/{id}/actions/{action}", ApiAnswers.Handler(ActAsync));
    }

    private static async Task ListAsync(HttpContext context)
    {
        var state = await context.Session().StateAsync().ConfigureAwait(false);
        await ApiAnswers.TaggedAsync(
            context,
            string.Create(CultureInfo.InvariantCulture, $"all-{state.Revision}"),
            () => context.Texts().Of(state)).ConfigureAwait(false);
    }

    private static async Task GetAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        await ApiAnswers.TaggedAsync(context, TorrentTags.Of(view), () => context.Texts().Of(view)).ConfigureAwait(false);
    }

    private static async Task AddAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        var torrent = type.Equals(TorrentType, StringComparison.OrdinalIgnoreCase) ? await FileOf(context).ConfigureAwait(false)
            : type.Equals(JsonType, StringComparison.OrdinalIgnoreCase) ? await NewTorrents.ReadAsync(context).ConfigureAwait(false)
            : throw new ApiException(StatusCodes.Status415UnsupportedMediaType, $"The body must be {JsonType}, or a torrent file as {TorrentType}.");
        var (added, isDuplicate) = await context.Session().AddAsync(torrent).ConfigureAwait(false);
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/api/v1/torrents/{added.Id}");
        context.Response.Headers.ETag = $"\"{TorrentTags.Of(added)}\"";
        await ApiAnswers.JsonAsync(
            context, ApiMapping.Of(added), ApiJson.Default.TorrentResource, isDuplicate ? StatusCodes.Status200OK : StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task<NewTorrent> FileOf(HttpContext context)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        return NewTorrent.OfFile(bytes.ToArray()) with { IsPaused = context.Request.Query.ContainsKey("paused") ? context.Flag("paused") : null };
    }

    private static async Task PatchAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        var patch = TorrentPatch.Of(await JsonBody.ReadAsync(context).ConfigureAwait(false), view);
        var folder = patch.Folder is { } wanted ? Paths.Confined(context, wanted, "folder") : null;
        var condition = context.Request.Headers.IfMatch;
        var session = context.Session();
        TorrentTags.Require(condition, view);
        if (patch.Change is { } change)
        {
            await session.SetAsync([view.Id], now =>
            {
                TorrentTags.Require(condition, now);
                return change(now.Settings);
            }).ConfigureAwait(false);
        }
        if (patch.QueuePosition is { } position)
            await session.SetQueuePositionAsync(view.Id, position).ConfigureAwait(false);
        if (folder is not null)
            await session.SetFolderAsync([view.Id], folder, patch.MovesFiles).ConfigureAwait(false);
        if (patch.IsPaused is { } isPaused)
            await (isPaused ? session.PauseAsync([view.Id]) : session.ResumeAsync([view.Id])).ConfigureAwait(false);
        await GetAsync(context).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        TorrentTags.Require(context.Request.Headers.IfMatch, view);
        await context.Session().RemoveAsync([view.Id], context.Flag("withData")).ConfigureAwait(false);
        await ApiAnswers.DoneAsync(context).ConfigureAwait(false);
    }

    private static async Task ActAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        var session = context.Session();
        await (context.GetRouteValue("action") switch
        {
            "pause" => session.PauseAsync([view.Id]),
            "resume" => session.ResumeAsync([view.Id], context.Flag("force")),
            "verify" => session.VerifyAsync([view.Id]),
            "reannounce" => session.ReannounceAsync([view.Id]),
            _ => throw new ApiException(StatusCodes.Status404NotFound, "The actions are pause, resume, verify and reannounce."),
        }).ConfigureAwait(false);
        await ApiAnswers.DoneAsync(context).ConfigureAwait(false);
    }

    private static async Task PeersAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        var session = context.Session();
        var text = view.Route is { } route ? await context.Texts().PeersAsync(route, () => AskAsync(session, view)).ConfigureAwait(false) : "[]"u8.ToArray();
        await ApiAnswers.JsonAsync(context, text).ConfigureAwait(false);

        static async Task<byte[]> AskAsync(IActorTorrent session, TorrentView view)
        {
            var pieces = view.Metainfo?.Layout.PieceCount ?? 0;
            var peers = await session.PeersAsync(view).ConfigureAwait(false);
            return JsonSerializer.SerializeToUtf8Bytes([.. peers.Select(peer => ApiMapping.Of(peer, pieces))], ApiJson.Default.IReadOnlyListPeerResource);
        }
    }

    private static async Task AddPeersAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        var body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        var peers = NewTorrents.PeersOf(body);
        body.Finish();
        context.Session().Tell(view, new CoordinatorProtocol.AddPeers(peers));
        await ApiAnswers.DoneAsync(context).ConfigureAwait(false);
    }

    private static async Task FilesAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        await ApiAnswers.JsonAsync(context, await context.Texts().FilesAsync(view, AskAsync).ConfigureAwait(false)).ConfigureAwait(false);

        async Task<byte[]> AskAsync()
        {
            var files = await TorrentEngine.FilesAsync(view.RouteOf()).ConfigureAwait(false);
            return JsonSerializer.SerializeToUtf8Bytes([.. files.Select(file => ApiMapping.Of(file, view.Id))], ApiJson.Default.IReadOnlyListFileResource);
        }
    }

    private static async Task TrackersAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        await ApiAnswers.JsonAsync(
            context, [.. view.Trackers.Select(ApiMapping.Of)], ApiJson.Default.IReadOnlyListTrackerResource).ConfigureAwait(false);
    }

    private static async Task PiecesAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        var route = view.RouteOf();
        await ApiAnswers.JsonAsync(context, await context.Texts().PiecesAsync(route, () => AskAsync(route)).ConfigureAwait(false)).ConfigureAwait(false);

        static async Task<byte[]> AskAsync(EngineProtocol.TorrentAdded route) => JsonSerializer.SerializeToUtf8Bytes(
            ApiMapping.Of(await TorrentEngine.PiecesAsync(route).ConfigureAwait(false)), ApiJson.Default.PiecesResource);
    }
}
