using System.Globalization;
using ActorTorrent.Service.Session;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ActorTorrent.Service.Api;

/// <summary>
/// A torrent's entity tag: when a user changed it last, and its revision. What depends on both is whether the caller has this already
/// (<c>If-None-Match</c>). Whether somebody else changed it (<c>If-Match</c>) depends on the first part alone, or nobody could ever change a
/// torrent that moves.
/// </summary>
internal static class TorrentTags
{
    /// <summary>The tag, without quotes.</summary>
    public static string Of(TorrentView view) => string.Create(CultureInfo.InvariantCulture, $"{Edition(view)}-{view.Revision}");

    /// <summary>Holds a condition against a torrent.</summary>
    /// <param name="ifMatch">The header; none means no condition.</param>
    /// <param name="view">The torrent.</param>
    /// <exception cref="ApiException">It was changed since.</exception>
    public static void Require(StringValues ifMatch, TorrentView view)
    {
        if (ifMatch.Count == 0)
            return;
        var edition = Edition(view);
        if (!EntityTags.Any(ifMatch, tag => tag.Split('-')[0] == edition))
            throw new ApiException(StatusCodes.Status412PreconditionFailed, "The torrent was changed since; look at it again.");
    }

    private static string Edition(TorrentView view) =>
        (view.Settings.EditedAt ?? view.Settings.AddedAt).UtcTicks.ToString("x", CultureInfo.InvariantCulture);
}
