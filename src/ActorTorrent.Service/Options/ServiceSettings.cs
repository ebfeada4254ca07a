using System.Globalization;
using ActorTorrent.Engine.Options;
using Microsoft.Extensions.Configuration;

namespace ActorTorrent.Service.Options;

/// <summary>
/// What the host sets for the service (section <c>ActorTorrent</c> of the configuration), checked: unknown keys and bad values fail at the
/// start, with the key, where it stands, and the allowed range.
/// </summary>
public sealed record ServiceSettings
{
    /// <summary>The configuration's section.</summary>
    public const string Section = "ActorTorrent";

    /// <summary>The port of the service unless said otherwise; Transmission's, so that its clients find us.</summary>
    public const int DefaultPort = 9091;

    private const long Forever = int.MaxValue;

    /// <summary>Where the service listens.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{DefaultPort}")];

    /// <summary>Where torrents, settings, statistics and resume data are kept, absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where files go unless a torrent says otherwise, absolute.</summary>
    public required string DownloadFolder { get; init; }

    /// <summary>Where files are while they are not complete, absolute; null for the same place.</summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>A folder whose torrent files are added by themselves, absolute; null for none.</summary>
    public string? WatchFolder { get; init; }

    /// <summary>Whether torrent files of the watch folder are deleted once they are added; otherwise they are renamed to <c>.added</c>.</summary>
    public bool DeletesWatched { get; init; }

    /// <summary>Folders below which users of the API may have files put, besides those above; absolute.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Folders of programs that users of the API may have run when a torrent is complete or added; absolute.</summary>
    public IReadOnlyList<string> ScriptFolders { get; init; } = [];

    /// <summary>An address that answers <c>1</c> when the port <c>{port}</c> of ours can be reached; null for none.</summary>
    public string? PortTest { get; init; }

    /// <summary>The program that is run when a torrent is complete; null for none.</summary>
    public string? CompletionScript { get; init; }

    /// <summary>Where a completion is posted to, as JSON; null for nowhere.</summary>
    public Uri? CompletionHook { get; init; }

    /// <summary>Profiles of HOCON laid over the engine's settings.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = ["service"];

    /// <summary>The port for peers; null for the profile's.</summary>
    public int? PeerPort { get; init; }

    /// <summary>How often statistics are saved.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Faults that are kept for those who ask later.</summary>
    public int KeptFaults { get; init; } = 10_000;

    /// <summary>Who may use the service.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>Folders that users of the API may have files put into or below.</summary>
    public IEnumerable<string> AllRoots
    {
        get
        {
            yield return DownloadFolder;
            if (IncompleteFolder is not null)
                yield return IncompleteFolder;
            foreach (var root in Roots)
                yield return root;
        }
    }

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="defaultDataFolder">Where data is kept when it does not say.</param>
    /// <exception cref="SettingsException">It holds unknown keys or bad values.</exception>
    public static ServiceSettings Read(IConfiguration configuration, string defaultDataFolder)
    {
        var reader = new ServiceSettingsReader(configuration, Section);
        var data = Full(reader.Text("DataFolder", defaultDataFolder));
        var settings = new ServiceSettings
        {
            Urls = reader.Texts("Urls", [$"http://127.0.0.1:{DefaultPort}"], "addresses such as http://127.0.0.1:9091", IsAddress),
            DataFolder = data,
            DownloadFolder = Full(reader.Text("DownloadFolder", Path.Join(data, "downloads"))),
            IncompleteFolder = FullOrNull(reader.TextOrNull("IncompleteFolder")),
            WatchFolder = FullOrNull(reader.TextOrNull("WatchFolder")),
            DeletesWatched = reader.Flag("DeletesWatched", fallback: false),
            Roots = [.. reader.Texts("Roots", [], "folders", static _ => true).Select(Full)],
            ScriptFolders = [.. reader.Texts("ScriptFolders", [], "folders", static _ => true).Select(Full)],
            PortTest = reader.TextOrNull("PortTest", "an http or https address with {port} in it", static text => IsAddress(text.Replace("{port}", "1", StringComparison.Ordinal))),
            CompletionScript = FullOrNull(reader.TextOrNull("CompletionScript")),
            CompletionHook = reader.TextOrNull("CompletionHook", "an http or https address", IsAddress) is { } hook ? new Uri(hook) : null,
            Profiles = reader.Texts("Profiles", ["service"], "names of profiles in hocon/profiles, or files", static _ => true),
            PeerPort = (int?)reader.NumberOrNull("PeerPort", 0, ushort.MaxValue),
            SaveInterval = TimeSpan.FromSeconds(reader.Number("SaveIntervalSeconds", 30, 1, 86_400)),
            KeptFaults = (int)reader.Number("KeptFaults", 10_000, 10, 1_000_000),
            Access = new AccessSettings
            {
                User = reader.TextOrNull("Access:User"),
                PasswordHash = reader.TextOrNull("Access:PasswordHash", "what 'actortorrent password' prints", Security.SecretHash.IsHash),
                TokenHash = reader.TextOrNull("Access:TokenHash", "what 'actortorrent password' prints", Security.SecretHash.IsHash),
                Hosts = reader.Texts("Access:Hosts", [], "host names, or names such as *.example.org", static name => name.Length > 0),
                FetchesFromHost = reader.Flag("Access:FetchesFromHost", fallback: false),
                MaxBodyBytes = reader.Number("Access:MaxBodyBytes", 64L << 20, 1 << 10, 1L << 30),
                FailedLogins = (int)reader.Number("Access:FailedLogins", 10, 1, Forever),
                FailedLoginWindow = TimeSpan.FromSeconds(reader.Number("Access:FailedLoginWindowSeconds", 300, 1, 86_400)),
            },
        };
        reader.Finish();
        return settings;
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal), UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path));

    private static string? FullOrNull(string? path) => path is null ? null : Full(path);
}
