using System.Text.Json;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>Which torrents a request is about: numbers, info hashes, <c>recently-active</c>, or all when it does not say.</summary>
internal static class RpcIds
{
    private const string Recent = "recently-active";
    private static readonly TimeSpan RecentSpan = TimeSpan.FromSeconds(60);

    /// <summary>Whether a request asks for what changed lately.</summary>
    public static bool IsRecent(RpcArguments arguments) => arguments.Text("ids") == Recent;

    /// <summary>Whether something that went at a time went lately.</summary>
    public static bool IsRecent(DateTimeOffset at, DateTimeOffset now) => now - at <= RecentSpan;

    /// <summary>The torrents that a request is about. Those that are not there are passed over.</summary>
    public static IReadOnlyList<TorrentView> Pick(RpcArguments arguments, IReadOnlyList<TorrentView> all, DateTimeOffset now)
    {
        if (IsRecent(arguments))
            return [.. all.Where(torrent => IsRecent(torrent.ChangedAt, now))];
        if (arguments.Items("ids") is not { } items)
            return all;
        var picked = new List<TorrentView>();
        var seen = new HashSet<int>();
        var byId = new Dictionary<int, TorrentView>(all.Count);
        var byHash = new Dictionary<string, TorrentView>(all.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var torrent in all)
        {
            byId[torrent.Id] = torrent;
            byHash[torrent.Settings.InfoHash] = torrent;
        }
        foreach (var item in items)
        {
            var found = item.ValueKind switch
            {
                JsonValueKind.Number when item.TryGetInt32(out var id) => byId.GetValueOrDefault(id),
                JsonValueKind.String => byHash.GetValueOrDefault(item.GetString()!),
                _ => null,
            };
            if (found is not null && seen.Add(found.Id))
                picked.Add(found);
        }
        return picked;
    }
}
