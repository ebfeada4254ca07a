using System.Globalization;
using ActorTorrent.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace ActorTorrent.Service.Api;

/// <summary>A file's bytes, also while it downloads: what is asked for is fetched first, and sent as it is verified (RFC 9110, ranges).</summary>
internal static class ContentEndpoint
{
    // No page and no script: content of a torrent comes from strangers and must not act in our name.
    private const string Policy = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

    private static readonly TimeSpan HeadDelay = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/torrents/{id}/files/{index}/content", [HttpMethods.Get, HttpMethods.Head], ApiAnswers.Handler(SendAsync));

    private static async Task SendAsync(HttpContext context)
    {
        var view = await context.TorrentAsync().ConfigureAwait(false);
        if (!int.TryParse(context.GetRouteValue("index") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new ApiException(StatusCodes.Status404NotFound, "There is no such file.");
        if (view.Metainfo is { } metainfo && (index >= metainfo.Layout.Files.Count || metainfo.Layout.Files[index].IsPadding))
            throw new ApiException(StatusCodes.Status404NotFound, "There is no such file.");
        using var reader = await TorrentEngine.OpenContentAsync(view.RouteOf(), index).ConfigureAwait(false);
        var response = context.Response;
        var type = MediaTypes.Of(reader.Path);
        response.ContentType = type ?? MediaTypes.Unknown;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = Policy;
        // The bytes are what the info hash says they are, for ever.
        var tag = $"{view.InfoHash}-{index.ToString(CultureInfo.InvariantCulture)}";
        response.Headers.ETag = $"\"{tag}\"";
        var disposition = new ContentDispositionHeaderValue(type is null || context.Flag("download") ? "attachment" : "inline");
        disposition.SetHttpFileName(reader.Path[(reader.Path.LastIndexOf('/') + 1)..]);
        response.Headers.ContentDisposition = disposition.ToString();
        if (EntityTags.Contains(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var range = RangeOf(context.Request, reader.Length, tag);
        if (range is { Length: 0 } && reader.Length > 0)
        {
            response.Headers.ContentDisposition = default;
            response.Headers.ETag = default;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{reader.Length}");
            await Problem.WriteAsync(
                context,
                StatusCodes.Status416RangeNotSatisfiable,
                string.Create(CultureInfo.InvariantCulture, $"The range lies outside the file's {reader.Length} bytes.")).ConfigureAwait(false);
            return;
        }
        var (from, length) = range ?? (0, reader.Length);
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{reader.Length}");
        }
        response.ContentLength = length;
        if (HttpMethods.IsGet(context.Request.Method))
            await CopyAsync(context, reader, from, length).ConfigureAwait(false);
    }

    private static async Task CopyAsync(HttpContext context, ContentReader reader, long from, long length)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var stop = end.Token;
        // A player that pauses takes nothing for minutes; that is no slow attack.
        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            for (var last = from + length; from < last;)
            {
                var reading = reader.ReadAsync(from, last - from, stop);
                // Who waits for the first piece hears soon that it will come; until then what is refused has a status of its own.
                if (!context.Response.HasStarted && await Task.WhenAny(reading, Task.Delay(HeadDelay, stop)).ConfigureAwait(false) != reading)
                    await context.Response.Body.FlushAsync(stop).ConfigureAwait(false);
                using var bytes = await reading.ConfigureAwait(false);
                await context.Response.Body.WriteAsync(bytes.Memory, stop).ConfigureAwait(false);
                from += bytes.Length;
            }
        }
        catch (Exception e) when (context.Response.HasStarted && e is EngineRefusalException or IOException or OperationCanceledException)
        {
            // Too late for a status; the short body says it.
            context.Abort();
        }
    }

    /// <summary>The one range that is asked for; null for the whole file, a length of 0 when it lies outside. Several at once are answered by the whole file.</summary>
    private static (long From, long Length)? RangeOf(HttpRequest request, long size, string tag)
    {
        if (request.Headers.Range is not [{ } text] || !RangeHeaderValue.TryParse(text, out var header)
            || header.Unit != "bytes" || header.Ranges.Count != 1)
            return null;
        // If-Range: only while it is still this file; dates do not tell.
        if (request.Headers.IfRange is [{ } condition] && condition != $"\"{tag}\"")
            return null;
        var range = header.Ranges.First();
        var (from, to) = (range.From, range.To) switch
        {
            ({ } first, { } last) => (first, Math.Min(last, size - 1)),
            ({ } first, null) => (first, size - 1),
            (null, { } count) => (Math.Max(0, size - count), count == 0 ? -1 : size - 1),
            _ => (0, size - 1),
        };
        return from > to || from >= size ? (0, 0) : (from, to - from + 1);
    }
}
