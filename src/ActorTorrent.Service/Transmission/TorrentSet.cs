using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary><c>torrent-set</c>: a torrent's settings with a request's arguments laid over them. Pure.</summary>
internal static class TorrentSet
{
    /// <summary>The new settings.</summary>
    /// <exception cref="RpcFailure">An argument cannot be used; nothing is to be changed.</exception>
    public static TorrentSettings Apply(TorrentView torrent, RpcArguments a)
    {
        var s = torrent.Settings;
        return s with
        {
            BandwidthPriority = a.Number("bandwidthPriority") is >= -1 and <= 1 and var weight ? weight : s.BandwidthPriority,
            DownloadLimit = Limit(a, "downloadLimit", "downloadLimited", s.DownloadLimit),
            UploadLimit = Limit(a, "uploadLimit", "uploadLimited", s.UploadLimit),
            Group = a.Text("group") is { } group ? (group.Length == 0 ? null : group) : s.Group,
            HonorsSessionLimits = a.Flag("honorsSessionLimits") ?? s.HonorsSessionLimits,
            Labels = a.Texts("labels") is { } labels ? CheckLabels(labels) : s.Labels,
            MaxPeers = a.Number("peer-limit") is > 0 and <= 100_000 and var peers ? peers : s.MaxPeers,
            IdleMinutes = a.Number("seedIdleLimit") is > 0 and var minutes ? minutes : s.IdleMinutes,
            IdleMode = Mode(a.Number("seedIdleMode"), s.IdleMode),
            RatioLimit = a.Real("seedRatioLimit") is >= 0 and var ratio ? ratio : s.RatioLimit,
            RatioMode = Mode(a.Number("seedRatioMode"), s.RatioMode),
            IsSequential = a.Flag("sequentialDownload") ?? s.IsSequential,
            Files = Files(a, s.Files, torrent.Metainfo?.Layout.Files.Count),
            Trackers = Trackers(torrent, a),
        };
    }

    /// <summary>How much files are wanted, after what a request says. An empty list means all files.</summary>
    /// <param name="a">The request.</param>
    /// <param name="now">As it was.</param>
    /// <param name="count">How many files there are; null while that is not known.</param>
    public static IReadOnlyDictionary<int, FilePriority> Files(RpcArguments a, IReadOnlyDictionary<int, FilePriority> now, int? count)
    {
        Dictionary<int, FilePriority>? files = null;
        // What is not wanted has no priority of its own here: it gets one again with the wish for it.
        Each("files-wanted", file => files![file] = files.GetValueOrDefault(file, FilePriority.Normal) is FilePriority.Skip ? FilePriority.Normal : files.GetValueOrDefault(file, FilePriority.Normal));
        Each("priority-high", file => Rank(file, FilePriority.High));
        Each("priority-normal", file => Rank(file, FilePriority.Normal));
        Each("priority-low", file => Rank(file, FilePriority.Low));
        Each("files-unwanted", file => files![file] = FilePriority.Skip);
        return files ?? now;

        void Each(string name, Action<int> action)
        {
            if (a.Numbers(name) is not { } numbers)
                return;
            files ??= now.ToDictionary();
            foreach (var file in numbers.Count == 0 ? Enumerable.Range(0, count ?? 0) : numbers)
            {
                if (file < 0 || (count is { } known && file >= known))
                    throw new RpcFailure("file index out of range");
                action(file);
            }
        }

        void Rank(int file, FilePriority priority)
        {
            if (files!.GetValueOrDefault(file, FilePriority.Normal) != FilePriority.Skip)
                files![file] = priority;
        }
    }

    private static IReadOnlyList<string> CheckLabels(IReadOnlyList<string> labels)
    {
        var trimmed = labels.Select(static label => label.Trim()).ToArray();
        if (Array.Exists(trimmed, static label => label.Length == 0))
            throw new RpcFailure("labels cannot be empty");
        if (Array.Exists(trimmed, static label => label.Contains(',', StringComparison.Ordinal)))
            throw new RpcFailure("labels cannot contain comma (,) character");
        return [.. trimmed.Distinct(StringComparer.Ordinal)];
    }

    private static LimitMode Mode(int? mode, LimitMode now) => mode is >= 0 and <= 2 and var given ? (LimitMode)given : now;

    private static SpeedLimit Limit(RpcArguments a, string name, string isOn, SpeedLimit now) =>
        new(a.Flag(isOn) ?? now.IsOn, a.Number(name) is >= 0 and var speed ? speed : now.Kilobytes);

    private static IReadOnlyList<IReadOnlyList<string>>? Trackers(TorrentView torrent, RpcArguments a)
    {
        if (!a.Has("trackerAdd") && !a.Has("trackerRemove") && !a.Has("trackerReplace") && !a.Has("trackerList"))
            return torrent.Settings.Trackers;
        if (a.Text("trackerList") is { } list)
            return TrackerList.Read(list);
        // The trackers' numbers are their places in the list that was told.
        var all = torrent.Trackers.Select(static (state, id) => (Id: id, state.Tier, Url: state.Tracker.OriginalString)).ToList();
        if (a.Items("trackerReplace") is { } pairs)
        {
            for (var at = 0; at + 1 < pairs.Count; at += 2)
            {
                var place = pairs[at].ValueKind == JsonValueKind.Number && pairs[at].TryGetInt32(out var id) ? all.FindIndex(tracker => tracker.Id == id) : -1;
                if (place < 0 || pairs[at + 1].ValueKind != JsonValueKind.String)
                    throw new RpcFailure("Tracker not found");
                all[place] = all[place] with { Url = TrackerList.Check(pairs[at + 1].GetString()!) };
            }
        }
        if (a.Numbers("trackerRemove") is { } removed)
        {
            if (all.RemoveAll(tracker => removed.Contains(tracker.Id)) == 0)
                throw new RpcFailure("Tracker not found");
        }
        var tiers = all.GroupBy(static tracker => tracker.Tier).Select(static tier => (IReadOnlyList<string>)[.. tier.Select(static tracker => tracker.Url)]).ToList();
        foreach (var url in a.Texts("trackerAdd") ?? [])
        {
            if (!all.Exists(tracker => tracker.Url == url))
                tiers.Add([TrackerList.Check(url)]);
        }
        return tiers;
    }
}
