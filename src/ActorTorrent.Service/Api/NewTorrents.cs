using System.Net;
using ActorTorrent.Service.Session;
using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Api;

/// <summary>A torrent to be added, as JSON.</summary>
internal static class NewTorrents
{
    /// <summary>Reads one.</summary>
    /// <exception cref="ApiException">It cannot be used.</exception>
    public static async Task<NewTorrent> ReadAsync(HttpContext context)
    {
        var body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        var file = body.Element("torrent");
        var magnet = body.Text("magnet", most: 64 << 10);
        if (file is null == magnet is null)
            throw new ApiException(StatusCodes.Status400BadRequest, "Either 'torrent' (a torrent file, base64) or 'magnet' (a link or an info hash) is needed.", "");
        var torrent = magnet is not null ? NewTorrent.OfMagnet(magnet)
            : file!.Value.ValueKind == System.Text.Json.JsonValueKind.String && file.Value.TryGetBytesFromBase64(out var bytes) ? NewTorrent.OfFile(bytes)
            : throw JsonBody.Wrong("/torrent", "a torrent file in base64");
        torrent = torrent with
        {
            DownloadFolder = body.Text("folder") is { } folder ? Paths.Confined(context, folder, "folder") : null,
            IsPaused = body.Flag("paused"),
            Labels = body.Texts("labels", most: 32, longest: 100) ?? [],
            MaxPeers = (int?)body.Number("maxPeers", 1, 10_000),
            IsSequential = body.Flag("sequential") ?? false,
            Files = body.Element("files") is { } files ? TorrentPatch.Priorities(files, view: null) : torrent.Files,
            Peers = PeersOf(body),
        };
        body.Finish();
        return torrent;
    }

    /// <summary>The addresses in <c>peers</c>.</summary>
    /// <exception cref="ApiException">One is none.</exception>
    public static IReadOnlyList<IPEndPoint> PeersOf(JsonBody body) => body.List("peers", most: 1000)?.Select(PeerOf).ToArray() ?? [];

    private static IPEndPoint PeerOf(System.Text.Json.JsonElement value, int index) =>
        IPEndPoint.TryParse(JsonBody.TextOf(value, JsonBody.Pointer("peers", index), 100), out var peer) && peer.Port != 0
            ? peer
            : throw JsonBody.Wrong(JsonBody.Pointer("peers", index), "an address with a port, such as 192.0.2.1:6881 or [2001:db8::1]:6881");
}
