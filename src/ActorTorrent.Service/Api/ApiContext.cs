using System.Globalization;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Service.Session;
using ActorTorrent.Wire.Metainfo;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Api;

/// <summary>What handlers take from a request.</summary>
internal static class ApiContext
{
    /// <summary>The session.</summary>
    public static IActorTorrent Session(this HttpContext context) => context.RequestServices.GetRequiredService<IActorTorrent>();

    /// <summary>Torrents as they are told.</summary>
    public static TorrentTexts Texts(this HttpContext context) => context.RequestServices.GetRequiredService<TorrentTexts>();

    /// <summary>Answers that many ask for at once.</summary>
    public static SharedTexts SharedTexts(this HttpContext context) => context.RequestServices.GetRequiredService<SharedTexts>();

    /// <summary>The torrent that the path names by its number or info hash.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public static async Task<TorrentView> TorrentAsync(this HttpContext context)
    {
        var text = context.GetRouteValue("id") as string ?? "";
        var session = context.Session();
        var view = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? await session.FindAsync(id).ConfigureAwait(false)
            : InfoHash.TryParse(text, out var hash) ? await session.FindAsync(hash).ConfigureAwait(false)
            : null;
        return view ?? throw new ApiException(StatusCodes.Status404NotFound, "There is no such torrent.");
    }

    /// <summary>The torrent's coordinator.</summary>
    /// <exception cref="ApiException">The engine has not taken it in yet.</exception>
    public static EngineProtocol.TorrentAdded RouteOf(this TorrentView view) =>
        view.Route ?? throw new ApiException(StatusCodes.Status409Conflict, "The engine has not taken in this torrent yet.");

    /// <summary>A whole number of the query; null when it is not there.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static long? Number(this HttpContext context, string name, long min, long max)
    {
        if (context.Request.Query[name] is not [{ Length: > 0 } text, ..])
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ApiException(StatusCodes.Status400BadRequest, string.Create(
                CultureInfo.InvariantCulture, $"'{name}' must be a whole number from {min} to {max}."));
    }

    /// <summary>Yes or no of the query.</summary>
    /// <exception cref="ApiException">It is neither.</exception>
    public static bool Flag(this HttpContext context, string name) => context.Request.Query[name].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be true or false."),
    };
}
