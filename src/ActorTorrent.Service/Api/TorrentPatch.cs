using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Api;

/// <summary>What a <c>PATCH</c> asks for (RFC 7396: what is left out stays, null means without).</summary>
internal sealed record TorrentPatch
{
    private const long MostRate = 1L << 40;

    /// <summary>Makes the new settings of the old; null when they stay.</summary>
    public Func<TorrentSettings, TorrentSettings>? Change { get; private init; }

    public int? QueuePosition { get; private init; }

    /// <summary>The folder to belong into; null for no change.</summary>
    public string? Folder { get; private init; }

    public bool MovesFiles { get; private init; } = true;

    public bool? IsPaused { get; private init; }

    /// <summary>Reads a patch.</summary>
    /// <param name="body">The body.</param>
    /// <param name="view">The torrent that is meant.</param>
    /// <exception cref="ApiException">It cannot be used.</exception>
    public static TorrentPatch Of(JsonBody body, TorrentView view)
    {
        Func<TorrentSettings, TorrentSettings>? change = null;
        void Then(Func<TorrentSettings, TorrentSettings> next)
        {
            var before = change;
            change = before is null ? next : settings => next(before(settings));
        }

        if (body.Texts("labels", most: 32, longest: 100) is { } labels)
            Then(settings => settings with { Labels = labels });
        if (body.Has("downloadLimit"))
            Then(Limit(body.Number("downloadLimit", 0, MostRate), static (settings, limit) => settings with { DownloadLimit = limit }, static s => s.DownloadLimit));
        if (body.Has("uploadLimit"))
            Then(Limit(body.Number("uploadLimit", 0, MostRate), static (settings, limit) => settings with { UploadLimit = limit }, static s => s.UploadLimit));
        if (body.Has("maxPeers"))
        {
            var most = (int?)body.Number("maxPeers", 1, 10_000);
            Then(settings => settings with { MaxPeers = most });
        }
        if (body.Element("priority") is { } priority)
        {
            var weight = JsonBody.TextOf(priority, "/priority", 10) switch
            {
                "low" => -1,
                "normal" => 0,
                "high" => 1,
                _ => throw JsonBody.Wrong("/priority", "low, normal or high"),
            };
            Then(settings => settings with { BandwidthPriority = weight });
        }
        if (body.Flag("honorsSessionLimits") is { } honors)
            Then(settings => settings with { HonorsSessionLimits = honors });
        if (body.Has("group"))
        {
            var group = body.Text("group", most: 100) is { Length: > 0 } name ? name : null;
            Then(settings => settings with { Group = group });
        }
        if (body.Flag("sequential") is { } isSequential)
            Then(settings => settings with { IsSequential = isSequential });
        if (body.Has("ratioLimit"))
        {
            var ratio = body.Real("ratioLimit", 0, 10_000);
            Then(settings => ratio is { } limit
                ? settings with { RatioMode = LimitMode.Own, RatioLimit = limit }
                : settings with { RatioMode = LimitMode.Session });
        }
        if (body.Element("files") is { } files)
        {
            var priorities = Priorities(files, view);
            Then(settings =>
            {
                var all = new Dictionary<int, FilePriority>(settings.Files);
                foreach (var (file, priority) in priorities)
                    all[file] = priority;
                return settings with { Files = all };
            });
        }
        var patch = new TorrentPatch
        {
            Change = change,
            QueuePosition = (int?)body.Number("queuePosition", 0, int.MaxValue),
            Folder = body.Text("folder"),
            MovesFiles = body.Flag("moveFiles") ?? true,
            IsPaused = body.Flag("paused"),
        };
        body.Finish();
        return patch;
    }

    /// <summary>Priorities by the files' indices.</summary>
    public static Dictionary<int, FilePriority> Priorities(JsonElement files, TorrentView? view)
    {
        if (files.ValueKind != JsonValueKind.Object)
            throw JsonBody.Wrong("/files", "an object of priorities by the files' indices");
        var count = view?.Metainfo?.Layout.Files.Count ?? int.MaxValue;
        var priorities = new Dictionary<int, FilePriority>();
        foreach (var member in files.EnumerateObject())
        {
            if (!int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= count)
                throw JsonBody.Wrong("/files", "an object whose names are indices of the torrent's files");
            priorities[index] = JsonBody.TextOf(member.Value, string.Create(CultureInfo.InvariantCulture, $"/files/{index}"), 10) switch
            {
                "skip" => FilePriority.Skip,
                "low" => FilePriority.Low,
                "normal" => FilePriority.Normal,
                "high" => FilePriority.High,
                _ => throw JsonBody.Wrong(string.Create(CultureInfo.InvariantCulture, $"/files/{index}"), "skip, low, normal or high"),
            };
        }
        return priorities;
    }

    private static Func<TorrentSettings, TorrentSettings> Limit(
        long? bytes, Func<TorrentSettings, SpeedLimit, TorrentSettings> set, Func<TorrentSettings, SpeedLimit> get)
    {
        var limit = bytes is { } some ? new SpeedLimit(IsOn: true, (int)Math.Min(int.MaxValue, (some + 999) / 1000)) : (SpeedLimit?)null;
        return settings => set(settings, limit ?? get(settings) with { IsOn = false });
    }
}
