using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Security;
using ActorTorrent.Service.Session;
using ActorTorrent.Wire.Metainfo;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Service.Transmission;

/// <summary>The methods of the Transmission RPC, version 17. Each writes the content of the answer's <c>arguments</c>.</summary>
internal sealed class RpcMethods(
    IActorTorrent session, ServiceSettings host, SessionContext context, TorrentFetcher fetcher, Blocklist blocklist, IHostApplicationLifetime lifetime)
{
    private const int LargestTorrentFile = 64 << 20;

    private Dictionary<string, Func<RpcArguments, Utf8JsonWriter, CancellationToken, Task>>? _methods;

    /// <summary>The handshake's id: whoever can read it from an answer is no foreign web page.</summary>
    public string SessionId { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24));

    private Dictionary<string, Func<RpcArguments, Utf8JsonWriter, CancellationToken, Task>> Methods => _methods ??= new(StringComparer.Ordinal)
    {
        ["torrent-add"] = TorrentAddAsync,
        ["torrent-get"] = TorrentGetAsync,
        ["torrent-set"] = TorrentSetAsync,
        ["torrent-start"] = (a, _, _) => ForEachAsync(a, ids => session.ResumeAsync(ids)),
        ["torrent-start-now"] = (a, _, _) => ForEachAsync(a, ids => session.ResumeAsync(ids, isForced: true)),
        ["torrent-stop"] = (a, _, _) => ForEachAsync(a, session.PauseAsync),
        ["torrent-verify"] = (a, _, _) => ForEachAsync(a, session.VerifyAsync),
        ["torrent-reannounce"] = (a, _, _) => ForEachAsync(a, session.ReannounceAsync),
        ["torrent-remove"] = (a, _, _) => ForEachAsync(a, ids => session.RemoveAsync(ids, a.Flag("delete-local-data") == true)),
        ["torrent-set-location"] = TorrentSetLocationAsync,
        ["torrent-rename-path"] = TorrentRenamePathAsync,
        ["queue-move-top"] = (a, _, _) => ForEachAsync(a, ids => session.MoveInQueueAsync(ids, QueueMove.Top)),
        ["queue-move-up"] = (a, _, _) => ForEachAsync(a, ids => session.MoveInQueueAsync(ids, QueueMove.Up)),
        ["queue-move-down"] = (a, _, _) => ForEachAsync(a, ids => session.MoveInQueueAsync(ids, QueueMove.Down)),
        ["queue-move-bottom"] = (a, _, _) => ForEachAsync(a, ids => session.MoveInQueueAsync(ids, QueueMove.Bottom)),
        ["session-get"] = SessionGetAsync,
        ["session-set"] = (a, _, _) => session.SetSettingsAsync(settings => Guard(() => SessionSet.Apply(settings, a, host))),
        ["session-stats"] = SessionStatsAsync,
        ["session-close"] = (_, _, _) =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        },
        ["free-space"] = FreeSpaceAsync,
        ["port-test"] = PortTestAsync,
        ["blocklist-update"] = BlocklistUpdateAsync,
        ["group-get"] = GroupGetAsync,
        ["group-set"] = GroupSetAsync,
    };

    /// <summary>Runs a method.</summary>
    /// <param name="method">Its name; null when the request has none.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="writer">Where the content of the answer's <c>arguments</c> goes; inside an object.</param>
    /// <param name="stop">The caller went.</param>
    /// <exception cref="RpcFailure">It cannot be done.</exception>
    public async Task RunAsync(string? method, RpcArguments arguments, Utf8JsonWriter writer, CancellationToken stop)
    {
        if (method is null)
            throw new RpcFailure("no method name");
        if (!Methods.TryGetValue(method, out var run))
            throw new RpcFailure("method name not recognized");
        try
        {
            await run(arguments, writer, stop).ConfigureAwait(false);
        }
        catch (SessionException refusal)
        {
            throw new RpcFailure(refusal.Message);
        }
    }

    /// <summary>A failure inside the session's actor has to be one that it passes on.</summary>
    private static T Guard<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (RpcFailure failure)
        {
            throw new SessionException(SessionErrorKind.Invalid, failure.Message);
        }
    }

    private async Task ForEachAsync(RpcArguments a, Func<IReadOnlyList<int>, Task> action)
    {
        var ids = await IdsAsync(a).ConfigureAwait(false);
        if (ids.Count > 0)
            await action(ids).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<int>> IdsAsync(RpcArguments a) =>
        [.. RpcIds.Pick(a, await session.ListAsync().ConfigureAwait(false), context.Time.GetUtcNow()).Select(static torrent => torrent.Id)];

    private async Task TorrentAddAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var wanted = await SourceAsync(a, stop).ConfigureAwait(false);
        var folder = a.Text("download-dir") is not { Length: > 0 } path ? null
            : Path.IsPathFullyQualified(path) ? PathGuard.Check(path, await RootsAsync().ConfigureAwait(false))
            : throw new RpcFailure("download directory path is not absolute");
        var (torrent, isDuplicate) = await session.AddAsync(wanted with
        {
            DownloadFolder = folder,
            IsPaused = a.Flag("paused"),
            Labels = a.Texts("labels") ?? [],
            MaxPeers = a.Number("peer-limit") is > 0 and <= 100_000 and var peers ? peers : null,
            BandwidthPriority = a.Number("bandwidthPriority") is >= -1 and <= 1 and var weight ? weight : 0,
            IsSequential = a.Flag("sequentialDownload") == true,
            Files = TorrentSet.Files(a, Magnet(wanted), wanted.Metainfo?.Layout.Files.Count),
        }).ConfigureAwait(false);
        writer.WriteStartObject(isDuplicate ? "torrent-duplicate" : "torrent-added");
        writer.WriteString("hashString", torrent.Settings.InfoHash);
        writer.WriteNumber("id", torrent.Id);
        writer.WriteString("name", torrent.Name);
        writer.WriteEndObject();
    }

    private static Dictionary<int, FilePriority> Magnet(NewTorrent wanted) => wanted.Files.ToDictionary();

    private async Task<NewTorrent> SourceAsync(RpcArguments a, CancellationToken stop)
    {
        if (a.Text("metainfo") is { Length: > 0 } text)
        {
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text, bytes, out var length) ? OfFile(bytes.AsMemory(0, length)) : throw Corrupt();
        }
        if (a.Text("filename") is not { Length: > 0 } name)
            throw new RpcFailure("no filename or metainfo specified");
        if (MagnetLink.IsMeant(name))
        {
            try
            {
                return NewTorrent.OfMagnet(name);
            }
            catch (SessionException)
            {
                throw new RpcFailure("unrecognized info");
            }
        }
        if (Uri.TryCreate(name, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return OfFile(await fetcher.GetAsync(uri, a.Text("cookies"), isConfigured: false, stop).ConfigureAwait(false));
        return OfFile(await ReadAsync(PathGuard.Check(name, host.AllRoots), stop).ConfigureAwait(false));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken stop)
    {
        try
        {
            // A volume of another host may let us wait: not on the thread that all requests share.
            return await Task.Run(
                () => new FileInfo(path) is { Exists: true, Length: <= LargestTorrentFile } ? File.ReadAllBytes(path) : throw Corrupt(), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Corrupt();
        }
    }

    private static NewTorrent OfFile(ReadOnlyMemory<byte> file)
    {
        try
        {
            return NewTorrent.OfFile(file);
        }
        catch (SessionException)
        {
            throw Corrupt();
        }
    }

    private static RpcFailure Corrupt() => new("invalid or corrupt torrent file");

    /// <summary>The folders that callers may use: the configured ones, and the session's own.</summary>
    private async Task<IReadOnlyList<string>> RootsAsync()
    {
        var settings = await session.SettingsAsync().ConfigureAwait(false);
        return [.. host.AllRoots, settings.DownloadFolder, settings.IncompleteFolder];
    }

    private async Task TorrentGetAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        if (a.Texts("fields") is not { } asked)
            throw new RpcFailure("no fields specified");
        var fields = asked.Where(TorrentFields.IsKnown).Distinct(StringComparer.Ordinal).ToArray();
        var state = await session.StateAsync().ConfigureAwait(false);
        var settings = await session.SettingsAsync().ConfigureAwait(false);
        var now = context.Time.GetUtcNow();
        var needs = RowNeeds.Of(fields);
        var rows = await Task.WhenAll(RpcIds.Pick(a, state.All, now).Select(torrent => RowAsync(new TorrentRow(torrent, settings, now) { Store = context.Store }, needs))).ConfigureAwait(false);
        if (RpcIds.IsRecent(a))
        {
            writer.WriteStartArray("removed");
            foreach (var gone in state.Removed.Where(gone => RpcIds.IsRecent(gone.At, now)))
                writer.WriteNumberValue(gone.Id);
            writer.WriteEndArray();
        }
        writer.WriteStartArray("torrents");
        if (a.Text("format") == "table")
            WriteTable(writer, fields, rows);
        else
            WriteObjects(writer, fields, rows);
        writer.WriteEndArray();
    }

    private static void WriteTable(Utf8JsonWriter writer, string[] fields, TorrentRow[] rows)
    {
        TorrentFields.WriteTexts(writer, fields);
        var writers = Array.ConvertAll(fields, TorrentFields.WriterOf);
        foreach (var row in rows)
        {
            writer.WriteStartArray();
            foreach (var write in writers)
                write(writer, row);
            writer.WriteEndArray();
        }
    }

    private static void WriteObjects(Utf8JsonWriter writer, string[] fields, TorrentRow[] rows)
    {
        var writers = Array.ConvertAll(fields, static field => (Name: JsonEncodedText.Encode(field), Write: TorrentFields.WriterOf(field)));
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            foreach (var (name, write) in writers)
            {
                writer.WritePropertyName(name);
                write(writer, row);
            }
            writer.WriteEndObject();
        }
    }

    /// <summary>The row with what has to be asked for; of a thousand torrents that is little of few.</summary>
    private Task<TorrentRow> RowAsync(TorrentRow row, RowNeeds needs)
    {
        var asks = needs.For(row.Torrent.Snapshot);
        return asks == default ? Task.FromResult(row) : AskAsync(row, asks);
    }

    private async Task<TorrentRow> AskAsync(TorrentRow row, RowNeeds asks)
    {
        if (asks.Peers)
            row = row with { Peers = await session.PeersAsync(row.Torrent).ConfigureAwait(false) };
        if (asks.Files)
            row = row with { Files = await session.FilesAsync(row.Torrent).ConfigureAwait(false) };
        if (asks.Pieces)
            row = row with { Pieces = await session.PiecesAsync(row.Torrent).ConfigureAwait(false) };
        return row;
    }

    private async Task TorrentSetAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var ids = await IdsAsync(a).ConfigureAwait(false);
        if (ids.Count == 0)
            return;
        await session.SetAsync(ids, torrent => Guard(() => TorrentSet.Apply(torrent, a))).ConfigureAwait(false);
        if (a.Text("location") is { } location)
            await session.SetFolderAsync(ids, PathGuard.Check(location, await RootsAsync().ConfigureAwait(false)), movesFiles: false).ConfigureAwait(false);
        if (a.Number("queuePosition") is { } position)
        {
            foreach (var id in ids)
                await session.SetQueuePositionAsync(id, position++).ConfigureAwait(false);
        }
    }

    private async Task TorrentSetLocationAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var location = a.Text("location") ?? throw new RpcFailure("no location");
        if (!Path.IsPathFullyQualified(location))
            throw new RpcFailure("new location path is not absolute");
        var folder = PathGuard.Check(location, await RootsAsync().ConfigureAwait(false));
        await ForEachAsync(a, ids => session.SetFolderAsync(ids, folder, a.Flag("move") == true)).ConfigureAwait(false);
    }

    private async Task TorrentRenamePathAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var ids = await IdsAsync(a).ConfigureAwait(false);
        if (ids.Count != 1)
            throw new RpcFailure("torrent-rename-path requires 1 torrent");
        if (a.Text("path") is not { } path || a.Text("name") is not { } name)
            throw new RpcFailure("Invalid argument");
        await session.RenameAsync(ids[0], path, name).ConfigureAwait(false);
        writer.WriteNumber("id", ids[0]);
        writer.WriteString("name", name);
        writer.WriteString("path", path);
    }

    private async Task SessionGetAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var settings = await session.SettingsAsync().ConfigureAwait(false);
        var space = await FreeSpace.OfAsync(settings.DownloadFolder).ConfigureAwait(false);
        SessionFields.Write(writer, new SessionRow(settings, host.DataFolder, SessionId, blocklist.Count, space?.Free), a.Texts("fields"));
    }

    private async Task SessionStatsAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var statistics = await session.StatisticsAsync().ConfigureAwait(false);
        writer.WriteNumber("activeTorrentCount", statistics.Torrents - statistics.Paused);
        Write("cumulative-stats", statistics.Cumulative);
        Write("current-stats", statistics.Current);
        writer.WriteNumber("downloadSpeed", (long)statistics.DownloadRate);
        writer.WriteNumber("pausedTorrentCount", statistics.Paused);
        writer.WriteNumber("torrentCount", statistics.Torrents);
        writer.WriteNumber("uploadSpeed", (long)statistics.UploadRate);

        void Write(string name, StatisticsTotals totals)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("downloadedBytes", totals.Downloaded);
            writer.WriteNumber("filesAdded", totals.Files);
            writer.WriteNumber("secondsActive", totals.Seconds);
            writer.WriteNumber("sessionCount", totals.Sessions);
            writer.WriteNumber("uploadedBytes", totals.Uploaded);
            writer.WriteEndObject();
        }
    }

    private async Task FreeSpaceAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        if (a.Text("path") is not { Length: > 0 } path || !Path.IsPathFullyQualified(path))
            throw new RpcFailure("directory path is not absolute");
        var folder = PathGuard.Check(path, await RootsAsync().ConfigureAwait(false));
        var space = await FreeSpace.OfAsync(folder).ConfigureAwait(false) ?? throw new RpcFailure("No such file or directory");
        writer.WriteString("path", path);
        writer.WriteNumber("size-bytes", space.Free);
        writer.WriteNumber("total_size", space.Total);
    }

    private async Task PortTestAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        if (host.PortTest is not { } template)
            throw new RpcFailure("Couldn't test port: no service for that is configured (ActorTorrent:PortTest)");
        var port = (await session.SettingsAsync().ConfigureAwait(false)).PeerPort;
        try
        {
            var answer = await fetcher.GetAsync(
                new Uri(template.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)), cookies: null, isConfigured: true, stop).ConfigureAwait(false);
            writer.WriteBoolean("port-is-open", answer.Length > 0 && answer.Span[0] == (byte)'1');
        }
        catch (SessionException failure)
        {
            throw new RpcFailure($"Couldn't test port: {failure.Message}");
        }
    }

    private async Task BlocklistUpdateAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var url = (await session.SettingsAsync().ConfigureAwait(false)).BlocklistUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            throw new RpcFailure("Couldn't fetch blocklist: its address cannot be used");
        try
        {
            var list = await fetcher.GetAsync(uri, cookies: null, isConfigured: false, stop).ConfigureAwait(false);
            await blocklist.ReplaceAsync(list).ConfigureAwait(false);
        }
        catch (SessionException failure)
        {
            throw new RpcFailure($"Couldn't fetch blocklist: {failure.Message}");
        }
        writer.WriteNumber("blocklist-size", blocklist.Count);
    }

    private async Task GroupGetAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var groups = new Dictionary<string, BandwidthGroupSettings>((await session.SettingsAsync().ConfigureAwait(false)).Groups, StringComparer.Ordinal);
        // A group is there as soon as a torrent is in it.
        foreach (var torrent in await session.ListAsync().ConfigureAwait(false))
        {
            if (torrent.Settings.Group is { } used)
                groups.TryAdd(used, new BandwidthGroupSettings());
        }
        var names = a.Texts("group") ?? (a.Text("group") is { } one ? [one] : null);
        writer.WriteStartArray("group");
        foreach (var (name, group) in groups.OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            if (names is not null && !names.Contains(name, StringComparer.Ordinal))
                continue;
            writer.WriteStartObject();
            writer.WriteBoolean("honorsSessionLimits", group.HonorsSessionLimits);
            writer.WriteString("name", name);
            writer.WriteNumber("speed-limit-down", group.DownloadLimit.Kilobytes);
            writer.WriteBoolean("speed-limit-down-enabled", group.DownloadLimit.IsOn);
            writer.WriteNumber("speed-limit-up", group.UploadLimit.Kilobytes);
            writer.WriteBoolean("speed-limit-up-enabled", group.UploadLimit.IsOn);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private Task GroupSetAsync(RpcArguments a, Utf8JsonWriter writer, CancellationToken stop)
    {
        var name = a.Text("name")?.Trim() is { Length: > 0 } given ? given : throw new RpcFailure("No group name given");
        return session.SetSettingsAsync(settings =>
        {
            var group = settings.Groups.GetValueOrDefault(name) ?? new BandwidthGroupSettings();
            return settings with
            {
                Groups = new Dictionary<string, BandwidthGroupSettings>(settings.Groups, StringComparer.Ordinal)
                {
                    [name] = group with
                    {
                        HonorsSessionLimits = a.Flag("honorsSessionLimits") ?? group.HonorsSessionLimits,
                        DownloadLimit = SessionSet.Limit(a, "speed-limit-down", group.DownloadLimit),
                        UploadLimit = SessionSet.Limit(a, "speed-limit-up", group.UploadLimit),
                    },
                },
            };
        });
    }
}
