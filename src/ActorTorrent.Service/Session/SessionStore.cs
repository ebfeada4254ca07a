using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Service.Session;

/// <summary>
/// The session's folder: the settings, the line, the statistics, and of each torrent its file and what is wanted of it. Each file is
/// replaced as a whole and forced to the disk, so at any instant there is the old one or the new one.
/// </summary>
internal sealed partial class SessionStore : IAsyncDisposable
{
    private const string SettingsFile = "session.json";
    private const string StatisticsFile = "statistics.json";
    private const string QueueFile = "queue.json";

    private readonly string _torrents;
    private readonly SessionLock _lock;
    private readonly ILogger _log;
    private readonly SerialWorker _worker = new();

    private SessionStore(string folder, SessionLock taken, ILogger log)
    {
        Folder = folder;
        _lock = taken;
        _log = log;
        _torrents = Path.Join(folder, "torrents");
        Directory.CreateDirectory(_torrents);
        Resume = new ResumeStore(Path.Join(folder, "resume"));
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Resume data, and metadata of magnet links.</summary>
    public ResumeStore Resume { get; }

    /// <summary>Opens a folder; it is made if it is not there.</summary>
    /// <exception cref="SessionException">Another instance has it, or it cannot be written to.</exception>
    public static SessionStore Open(string folder, ILogger log)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new SessionStore(folder, SessionLock.Take(folder), log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SessionException(SessionErrorKind.Failed, $"{folder}: {e.Message}");
        }
    }

    /// <summary>The settings: what was changed, laid over the configuration's.</summary>
    /// <param name="defaults">As the configuration says.</param>
    public SessionSettings LoadSettings(SessionSettings defaults)
    {
        if (Read(SettingsFile, static text => JsonNode.Parse(text) as JsonObject) is not { } changed)
            return defaults;
        var all = JsonSerializer.SerializeToNode(defaults, SessionJson.Default.SessionSettings)!.AsObject();
        foreach (var (key, value) in changed)
            all[key] = value?.DeepClone();
        try
        {
            return all.Deserialize(SessionJson.Default.SessionSettings) ?? defaults;
        }
        catch (JsonException e)
        {
            throw new SessionException(SessionErrorKind.Failed, $"{Path.Join(Folder, SettingsFile)}: {e.Message}");
        }
    }

    /// <summary>Keeps what differs from the configuration.</summary>
    public Task SaveSettingsAsync(SessionSettings settings, SessionSettings defaults)
    {
        var now = JsonSerializer.SerializeToNode(settings, SessionJson.Default.SessionSettings)!.AsObject();
        var before = JsonSerializer.SerializeToNode(defaults, SessionJson.Default.SessionSettings)!.AsObject();
        var changed = new JsonObject();
        foreach (var (key, value) in now)
        {
            if (!JsonNode.DeepEquals(value, before[key]))
                changed[key] = value?.DeepClone();
        }
        return WriteAsync(Path.Join(Folder, SettingsFile), System.Text.Encoding.UTF8.GetBytes(changed.ToString()));
    }

    /// <summary>The statistics of all sessions before this one.</summary>
    public StatisticsTotals LoadStatistics() =>
        Read(StatisticsFile, static text => JsonSerializer.Deserialize(text, SessionJson.Default.StatisticsTotals)) ?? new StatisticsTotals();

    /// <summary>Keeps the statistics of all sessions.</summary>
    public Task SaveStatisticsAsync(StatisticsTotals totals) =>
        WriteAsync(Path.Join(Folder, StatisticsFile), JsonSerializer.SerializeToUtf8Bytes(totals, SessionJson.Default.StatisticsTotals));

    /// <summary>Keeps the line: info hashes in their order.</summary>
    public Task SaveQueueAsync(IReadOnlyList<string> hashes) =>
        WriteAsync(Path.Join(Folder, QueueFile), JsonSerializer.SerializeToUtf8Bytes(hashes, SessionJson.Default.IReadOnlyListString));

    /// <summary>Keeps a torrent.</summary>
    /// <param name="settings">What is wanted of it.</param>
    /// <param name="file">Its torrent file, when it is new; written before the settings, which make it count.</param>
    public Task SaveTorrentAsync(TorrentSettings settings, ReadOnlyMemory<byte>? file = null)
    {
        var path = Path.Join(_torrents, settings.InfoHash);
        var text = JsonSerializer.SerializeToUtf8Bytes(settings, SessionJson.Default.TorrentSettings);
        return _worker.RunAsync(() =>
        {
            if (file is { } bytes)
                Replace(path + ".torrent", bytes.Span);
            Replace(path + ".json", text);
            FolderSync.Flush(_torrents);
        });
    }

    /// <summary>Forgets a torrent.</summary>
    public Task DeleteTorrentAsync(string hash)
    {
        var path = Path.Join(_torrents, hash);
        return _worker.RunAsync(() =>
        {
            File.Delete(path + ".json");
            File.Delete(path + ".torrent");
            FolderSync.Flush(_torrents);
        });
    }

    /// <summary>Where a torrent's file lies; not there for one that began as a magnet link.</summary>
    public string TorrentPathOf(string hash) => Path.Join(_torrents, hash + ".torrent");

    /// <summary>Reads all torrents, in the order of the line. One that cannot be read is left alone and logged.</summary>
    public IReadOnlyList<SavedTorrent> LoadTorrents()
    {
        var found = new ConcurrentBag<SavedTorrent>();
        Parallel.ForEach(Directory.EnumerateFiles(_torrents, "*.json"), path =>
        {
            try
            {
                found.Add(LoadTorrent(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or TorrentFormatException or MagnetFormatException or FormatException)
            {
                LogUnreadable(path, e.Message);
            }
        });
        var order = (Read(QueueFile, static text => JsonSerializer.Deserialize(text, SessionJson.Default.IReadOnlyListString)) ?? [])
            .Select(static (hash, at) => (hash, at))
            .DistinctBy(static item => item.hash, StringComparer.Ordinal)
            .ToDictionary(static item => item.hash, static item => item.at, StringComparer.Ordinal);
        return [.. found.OrderBy(torrent => order.GetValueOrDefault(torrent.Settings.InfoHash, int.MaxValue)).ThenBy(static torrent => torrent.Settings.Id)];
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
    }

    private SavedTorrent LoadTorrent(string path)
    {
        var settings = JsonSerializer.Deserialize(File.ReadAllBytes(path), SessionJson.Default.TorrentSettings)
            ?? throw new JsonException("It is empty.");
        var hash = InfoHash.Parse(settings.InfoHash);
        if (settings.Magnet is { } magnet)
            return new SavedTorrent(settings, Resume.LoadTorrent(hash), MagnetLink.Parse(magnet));
        var metainfo = TorrentFileParser.Parse(File.ReadAllBytes(Path.ChangeExtension(path, ".torrent")));
        return metainfo.InfoHash == hash
            ? new SavedTorrent(settings, metainfo, Magnet: null)
            : throw new FormatException($"Its torrent file is {metainfo.InfoHash}.");
    }

    private T? Read<T>(string name, Func<string, T?> parse)
        where T : class
    {
        var path = Path.Join(Folder, name);
        if (!File.Exists(path))
            return null;
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SessionException(SessionErrorKind.Failed, $"{path}: {e.Message}");
        }
    }

    private Task WriteAsync(string path, byte[] bytes) => _worker.RunAsync(() =>
    {
        Replace(path, bytes);
        FolderSync.Flush(Folder);
    });

    private static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var fresh = path + ".new";
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, bytes.Length))
        {
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(fresh, path, overwrite: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be used and is left out: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
