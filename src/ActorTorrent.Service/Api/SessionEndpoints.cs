using System.Text.Json;
using ActorTorrent.Service.Session;
using ActorTorrent.Service.Transmission;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTorrent.Service.Api;

/// <summary>The session, its actors and its faults.</summary>
internal static class SessionEndpoints
{
    private const long MostRate = 1L << 40;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/session", ApiAnswers.Handler(GetAsync));
        routes.MapPatch("/session", ApiAnswers.Handler(PatchAsync));
        routes.MapGet("/actors", ApiAnswers.Handler(ActorsAsync));
        routes.MapGet("/faults", ApiAnswers.Handler(FaultsAsync));
    }

    private static async Task GetAsync(HttpContext context)
    {
        var session = context.Session();
        var settings = await session.SettingsAsync().ConfigureAwait(false);
        var torrents = await session.StateAsync().ConfigureAwait(false);
        await ApiAnswers.JsonAsync(
            context,
            await context.SharedTexts().Session.GetAsync(() => MakeAsync(session, settings), (settings, torrents)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<byte[]> MakeAsync(IActorTorrent session, SessionSettings settings)
    {
        var numbers = await session.StatisticsAsync().ConfigureAwait(false);
        var dht = await session.Engine.DhtAsync().ConfigureAwait(false);
        return JsonSerializer.SerializeToUtf8Bytes(
            new SessionResource
            {
                Version = typeof(SessionEndpoints).Assembly.GetName().Version?.ToString(3) ?? "",
                Uptime = numbers.Current.Seconds,
                Torrents = numbers.Torrents,
                Active = numbers.Active,
                Paused = numbers.Paused,
                DownloadRate = Math.Round(numbers.DownloadRate),
                UploadRate = Math.Round(numbers.UploadRate),
                Downloaded = numbers.Current.Downloaded,
                Uploaded = numbers.Current.Uploaded,
                DownloadedEver = numbers.Cumulative.Downloaded,
                UploadedEver = numbers.Cumulative.Uploaded,
                DownloadFolder = settings.DownloadFolder,
                FreeSpace = (await FreeSpace.OfAsync(settings.DownloadFolder).ConfigureAwait(false))?.Free,
                PeerPort = settings.PeerPort,
                DhtNodes = dht is null ? null : dht.Nodes + dht.Nodes6,
                DownloadLimit = ApiMapping.BytesOf(settings.DownloadLimit),
                UploadLimit = ApiMapping.BytesOf(settings.UploadLimit),
                IsAltOn = settings.IsAltOn,
            },
            ApiJson.Default.SessionResource);
    }

    private static async Task PatchAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        var hasDownload = body.Has("downloadLimit");
        var hasUpload = body.Has("uploadLimit");
        var download = body.Number("downloadLimit", 0, MostRate);
        var upload = body.Number("uploadLimit", 0, MostRate);
        var isAltOn = body.Flag("isAltOn");
        body.Finish();
        await context.Session().SetSettingsAsync(settings => settings with
        {
            DownloadLimit = hasDownload ? Limit(download, settings.DownloadLimit) : settings.DownloadLimit,
            UploadLimit = hasUpload ? Limit(upload, settings.UploadLimit) : settings.UploadLimit,
            IsAltOn = isAltOn ?? settings.IsAltOn,
        }).ConfigureAwait(false);
        await GetAsync(context).ConfigureAwait(false);
    }

    private static async Task ActorsAsync(HttpContext context)
    {
        var most = (int)(context.Number("limit", 1, 100_000) ?? 5000);
        // A count asks every actor there is.
        var texts = context.SharedTexts();
        var census = await texts.Census.GetAsync(context.Session().Engine.CensusAsync).ConfigureAwait(false);
        var text = await texts.Actors.GetAsync(
            () => Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(ApiMapping.Of(census, most), ApiJson.Default.ActorsResource)),
            (census, most)).ConfigureAwait(false);
        await ApiAnswers.JsonAsync(context, text).ConfigureAwait(false);
    }

    private static async Task FaultsAsync(HttpContext context)
    {
        var after = context.Number("after", 0, long.MaxValue) ?? 0;
        var most = (int)(context.Number("limit", 1, 10_000) ?? 500);
        var filter = FaultFilter.Of(context.Request.Query);
        var faults = await context.Session().PastFaultsAsync(after).ConfigureAwait(false);
        await ApiAnswers.JsonAsync(
            context,
            [.. faults.Reverse().Select(ApiMapping.Of).Where(filter.Passes).Take(most).Reverse()],
            ApiJson.Default.IReadOnlyListFaultResource).ConfigureAwait(false);
    }

    private static SpeedLimit Limit(long? bytes, SpeedLimit before) =>
        bytes is { } some ? new SpeedLimit(IsOn: true, (int)Math.Min(int.MaxValue, (some + 999) / 1000)) : before with { IsOn = false };
}
