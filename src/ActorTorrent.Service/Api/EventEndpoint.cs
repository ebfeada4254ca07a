using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Api;

/// <summary>
/// <c>GET /events</c>: server-sent events. A new listener gets the torrents first (<c>torrents</c>), then what changes; one that comes back
/// with <c>Last-Event-ID</c> gets what it missed, or <c>gap</c> and the torrents when that is forgotten.
/// </summary>
internal static class EventEndpoint
{
    private const int MostListeners = 256;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", ApiAnswers.Handler(SendAsync));

    private static async Task SendAsync(HttpContext context)
    {
        var ring = context.RequestServices.GetRequiredService<EventRing>();
        if (ring.Listeners >= MostListeners)
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, "Too many listen already.");
        var peersOf = (int?)context.Number("peers", 1, int.MaxValue);
        var torrent = (int?)context.Number("torrent", 1, int.MaxValue);
        var kinds = context.Request.Query["kinds"].ToString() is { Length: > 0 } list ? list.Split(',').ToHashSet(StringComparer.Ordinal) : null;
        // A browser's EventSource cannot set the header on its first try; a page that was reloaded names the event in the query.
        var last = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : context.Request.Query["after"].ToString();
        var after = last.Length > 0 ? EventId.Parse(last) : (EventId?)null;
        using var subscription = ring.Subscribe(after, peersOf, out var isGap);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stop = context.RequestAborted;
        var output = context.Response.Body;
        await output.WriteAsync("retry: 2000\n\n"u8.ToArray(), stop).ConfigureAwait(false);
        if (isGap)
            await GapAsync(output, "What was missed is forgotten.", stop).ConfigureAwait(false);
        if (after is null || isGap)
            await TorrentsAsync(context, new EventId(ring.Run, subscription.After), stop).ConfigureAwait(false);
        await output.FlushAsync(stop).ConfigureAwait(false);
        await CopyAsync(context, ring, subscription, happened =>
            (kinds is null || kinds.Contains(happened.Name))
            && (happened.Name == "peers" ? happened.Torrent == peersOf : torrent is null || happened.Torrent == 0 || happened.Torrent == torrent)).ConfigureAwait(false);
    }

    private static async Task CopyAsync(HttpContext context, EventRing ring, EventSubscription subscription, Func<ApiEvent, bool> isWanted)
    {
        var stop = context.RequestAborted;
        var output = context.Response.Body;
        var number = subscription.After;
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(KeepAlive);
            try
            {
                if (!await subscription.Reader.WaitToReadAsync(patience.Token).ConfigureAwait(false))
                    return;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                await output.WriteAsync(": still here\n\n"u8.ToArray(), stop).ConfigureAwait(false);
                await output.FlushAsync(stop).ConfigureAwait(false);
                continue;
            }
            while (subscription.Reader.TryRead(out var happened))
            {
                if (happened.Number != number + 1)
                {
                    await GapAsync(output, "You read too slowly.", stop).ConfigureAwait(false);
                    await TorrentsAsync(context, new EventId(ring.Run, happened.Number - 1), stop).ConfigureAwait(false);
                }
                number = happened.Number;
                if (isWanted(happened))
                    await WriteAsync(output, new EventId(ring.Run, number), happened.Name, happened.Data(), stop).ConfigureAwait(false);
            }
            await output.FlushAsync(stop).ConfigureAwait(false);
        }
    }

    private static async Task TorrentsAsync(HttpContext context, EventId id, CancellationToken stop)
    {
        var state = await context.Session().StateAsync().ConfigureAwait(false);
        await WriteAsync(context.Response.Body, id, "torrents", context.Texts().Of(state), stop).ConfigureAwait(false);
    }

    private static Task GapAsync(Stream output, string reason, CancellationToken stop) =>
        WriteAsync(output, null, "gap", JsonSerializer.SerializeToUtf8Bytes(new GapResource(reason), ApiJson.Default.GapResource), stop);

    private static async Task WriteAsync(Stream output, EventId? id, string name, byte[] data, CancellationToken stop)
    {
        var head = id is { } known ? string.Create(CultureInfo.InvariantCulture, $"id: {known}\nevent: {name}\ndata: ") : $"event: {name}\ndata: ";
        await output.WriteAsync(Encoding.ASCII.GetBytes(head), stop).ConfigureAwait(false);
        await output.WriteAsync(data, stop).ConfigureAwait(false);
        await output.WriteAsync("\n\n"u8.ToArray(), stop).ConfigureAwait(false);
    }
}
