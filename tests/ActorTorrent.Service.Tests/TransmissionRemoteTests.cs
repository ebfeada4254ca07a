using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

/// <summary>Debian's transmission-remote steers our service and transmission-daemon alike: the same effect, the same listings.</summary>
public sealed partial class TransmissionRemoteTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan EffectPatience = TimeSpan.FromSeconds(8);

    /// <summary>Lines of listings that say when, where or by which program, or what depends on the moment.</summary>
    private static readonly string[] Own =
    [
        "Date added", "Date finished", "Date started", "Latest activity", "Downloading Time", "Seeding Time", "Configuration directory", "Daemon version",
        "RPC version", "RPC minimum version", "Listenport", "Download directory free space", "Peer limit", "Maximum memory cache size", "Duration", "Started", "Public torrent", "Date created", "Creator",
        "uTP enabled", "Encryption", "Portforwarding", "ETA",
    ];

    private static string Magnet => "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=gamma";

    private static IReadOnlyList<RemoteVerb> Verbs(string alpha, string beta) =>
    [
        RemoteVerb.List("-h --help", "-h"),
        RemoteVerb.List("-V --version", "-V"),
        new("-a --add", "-a", alpha) { Listing = ["-t1", "-i"], Shows = [("name", "\"alpha.bin\""), ("leftUntilDone", "0"), ("status", "6")] },
        new("-a -w (download dir)", "-a", beta, "-w", "{dir}/elsewhere") { Listing = ["-t2", "-i"], Shows = [("downloadDir", "\"{dir}/elsewhere\""), ("leftUntilDone", "270100")] },
        new("-a MAGNET --start-paused", "--start-paused", "-a", Magnet) { Listing = ["-t3", "-i"], Shows = [("name", "\"gamma\""), ("status", "0"), ("totalSize", "0")] },
        new("-a twice (duplicate)", "-a", alpha) { IsWordingFree = true },
        new("-a (no torrent)", "-a", "{dir}/nothing.torrent"),
        RemoteVerb.List("-l --list", "-l"),
        RemoteVerb.List("-t -l (one)", "-t1", "-l"),
        RemoteVerb.List("-f --files", "-t2", "-f"),
        RemoteVerb.List("-if --info-files", "-t1", "-if"),
        RemoteVerb.List("-i --info", "-t1", "-i"),
        RemoteVerb.List("-ip --info-peers", "-t1", "-ip"),
        RemoteVerb.List("-pi --peer-info", "-t1", "-pi"),
        RemoteVerb.List("-ic --info-pieces", "-t1", "-ic"),
        new("-it --info-trackers", "-t1", "-it") { IsOutputFree = true, Listing = ["-t1", "-it"], Shows = [("trackerStats/0/announce", "\"http://127.0.0.1:9/announce\""), ("trackerStats/0/tier", "0")] },
        RemoteVerb.List("-si --session-info", "-si"),
        RemoteVerb.List("-st --session-stats", "-st"),
        new("-b --debug", "-b", "-l") { IsOutputFree = true },

        RemoteVerb.Session("-as --alt-speed", ["-as"], ("alt-speed-enabled", "true")),
        RemoteVerb.Session("-AS --no-alt-speed", ["-AS"], ("alt-speed-enabled", "false")),
        RemoteVerb.Session("-asd --alt-speed-downlimit", ["-asd", "321"], ("alt-speed-down", "321")),
        RemoteVerb.Session("-asu --alt-speed-uplimit", ["-asu", "123"], ("alt-speed-up", "123")),
        RemoteVerb.Session("--alt-speed-time-begin", ["--alt-speed-time-begin", "0130"], ("alt-speed-time-begin", "90")),
        RemoteVerb.Session("--alt-speed-time-end", ["--alt-speed-time-end", "0245"], ("alt-speed-time-end", "165")),
        RemoteVerb.Session("--alt-speed-days", ["--alt-speed-days", "1,3-5"], ("alt-speed-time-day", "58")),
        RemoteVerb.Session("-asc --alt-speed-scheduler", ["-asc"], ("alt-speed-time-enabled", "true")),
        RemoteVerb.Session("-ASC --no-alt-speed-scheduler", ["-ASC"], ("alt-speed-time-enabled", "false")),
        RemoteVerb.Session("-c --incomplete-dir", ["-c", "{dir}/incomplete"], ("incomplete-dir", "\"{dir}/incomplete\""), ("incomplete-dir-enabled", "true")),
        RemoteVerb.Session("-C --no-incomplete-dir", ["-C"], ("incomplete-dir-enabled", "false")),
        RemoteVerb.Session("-d --downlimit (session)", ["-d", "777"], ("speed-limit-down", "777"), ("speed-limit-down-enabled", "true")),
        RemoteVerb.Session("-D --no-downlimit (session)", ["-D"], ("speed-limit-down-enabled", "false")),
        RemoteVerb.Session("-u --uplimit (session)", ["-u", "555"], ("speed-limit-up", "555"), ("speed-limit-up-enabled", "true")),
        RemoteVerb.Session("-U --no-uplimit (session)", ["-U"], ("speed-limit-up-enabled", "false")),
        RemoteVerb.Session("-e --cache", ["-e", "12"], ("cache-size-mb", "12")),
        RemoteVerb.Session("-er --encryption-required", ["-er"], ("encryption", "\"required\"")),
        RemoteVerb.Session("-et --encryption-tolerated", ["-et"], ("encryption", "\"tolerated\"")),
        RemoteVerb.Session("-ep --encryption-preferred", ["-ep"], ("encryption", "\"preferred\"")),
        RemoteVerb.Session("-gsr --global-seedratio", ["-gsr", "3.5"], ("seedRatioLimit", "3.5"), ("seedRatioLimited", "true")),
        RemoteVerb.Session("-GSR --no-global-seedratio", ["-GSR"], ("seedRatioLimited", "false")),
        RemoteVerb.Session("-m --portmap", ["-m"], ("port-forwarding-enabled", "true")),
        RemoteVerb.Session("-M --no-portmap", ["-M"], ("port-forwarding-enabled", "false")),
        RemoteVerb.Session("-o --dht", ["-o"], ("dht-enabled", "true")),
        RemoteVerb.Session("-O --no-dht", ["-O"], ("dht-enabled", "false")),
        RemoteVerb.Session("-x --pex", ["-x"], ("pex-enabled", "true")),
        RemoteVerb.Session("-X --no-pex", ["-X"], ("pex-enabled", "false")),
        RemoteVerb.Session("-y --lpd", ["-y"], ("lpd-enabled", "true")),
        RemoteVerb.Session("-Y --no-lpd", ["-Y"], ("lpd-enabled", "false")),
        RemoteVerb.Session("--utp", ["--utp"], ("utp-enabled", "true")),
        RemoteVerb.Session("--no-utp", ["--no-utp"], ("utp-enabled", "false")),
        RemoteVerb.Session("-p --port", ["-p", "20202"], ("peer-port", "20202")),
        RemoteVerb.Session("-P --random-port", ["-P"], ("peer-port-random-on-start", "true")),
        new("-pt --port-test", "-pt") { IsWordingFree = true },
        new("--blocklist-update", "--blocklist-update") { IsWordingFree = true },
        RemoteVerb.Session("--torrent-done-script", ["--torrent-done-script", "/bin/true"], ("script-torrent-done-filename", "\"/bin/true\""), ("script-torrent-done-enabled", "true")),
        RemoteVerb.Session("--no-torrent-done-script", ["--no-torrent-done-script"], ("script-torrent-done-enabled", "false")),
        RemoteVerb.Session("--start-paused", ["--start-paused"], ("start-added-torrents", "false")),
        RemoteVerb.Session("--no-start-paused", ["--no-start-paused"], ("start-added-torrents", "true")),
        RemoteVerb.Session("--trash-torrent", ["--trash-torrent"], ("trash-original-torrent-files", "true")),
        RemoteVerb.Session("--no-trash-torrent", ["--no-trash-torrent"], ("trash-original-torrent-files", "false")),
        RemoteVerb.Session("-pr --peers (session)", ["-pr", "99"], ("peer-limit-global", "99")),
        RemoteVerb.Session("-w --download-dir (session)", ["-w", "{dir}/other"], ("download-dir", "\"{dir}/other\"")),

        RemoteVerb.Torrent("-L --labels", ["-L", "tv,linux"], ("labels", "[\"tv\",\"linux\"]")),
        RemoteVerb.Torrent("-d --downlimit", ["-d", "50"], ("downloadLimit", "50"), ("downloadLimited", "true")),
        RemoteVerb.Torrent("-D --no-downlimit", ["-D"], ("downloadLimited", "false")),
        RemoteVerb.Torrent("-u --uplimit", ["-u", "60"], ("uploadLimit", "60"), ("uploadLimited", "true")),
        RemoteVerb.Torrent("-U --no-uplimit", ["-U"], ("uploadLimited", "false")),
        RemoteVerb.Torrent("-pr --peers", ["-pr", "17"], ("peer-limit", "17")),
        RemoteVerb.Torrent("-HL --no-honor-session", ["-HL"], ("honorsSessionLimits", "false")),
        RemoteVerb.Torrent("-hl --honor-session", ["-hl"], ("honorsSessionLimits", "true")),
        RemoteVerb.Torrent("-sr --seedratio", ["-sr", "4.25"], ("seedRatioLimit", "4.25"), ("seedRatioMode", "1")),
        RemoteVerb.Torrent("-SR --no-seedratio", ["-SR"], ("seedRatioMode", "2")),
        RemoteVerb.Torrent("-srd --seedratio-default", ["-srd"], ("seedRatioMode", "0")),
        RemoteVerb.Torrent("-Bh --bandwidth-high", ["-Bh"], ("bandwidthPriority", "1")),
        RemoteVerb.Torrent("-Bl --bandwidth-low", ["-Bl"], ("bandwidthPriority", "-1")),
        RemoteVerb.Torrent("-Bn --bandwidth-normal", ["-Bn"], ("bandwidthPriority", "0")),
        RemoteVerb.Files("-G --no-get", ["-G", "1,2"]) with { Listing = ["-t2", "-if"], Shows = [("wanted", "[1,0,0]")] },
        RemoteVerb.Files("-g --get", ["-g", "1"]) with { Listing = ["-t2", "-if"], Shows = [("wanted", "[1,1,0]")] },
        RemoteVerb.Files("-g all", ["-g", "all"]) with { Listing = ["-t2", "-if"], Shows = [("wanted", "[1,1,1]")] },
        RemoteVerb.Files("-ph --priority-high", ["-ph", "0"]) with { Listing = ["-t2", "-if"], Shows = [("priorities", "[1,0,0]")] },
        RemoteVerb.Files("-pl --priority-low", ["-pl", "2"]) with { Listing = ["-t2", "-if"], Shows = [("priorities", "[1,0,-1]")] },
        RemoteVerb.Files("-pn --priority-normal", ["-pn", "all"]) with { Listing = ["-t2", "-if"], Shows = [("priorities", "[0,0,0]")] },
        RemoteVerb.List("-if (a download)", "-t2", "-if"),
        new("-td --tracker-add", "-t1", "-td", "http://127.0.0.1:9/second/announce") { Listing = ["-t1", "-it"], Shows = [("trackerStats/1/announce", "\"http://127.0.0.1:9/second/announce\"")] },
        new("-tr --tracker-remove", "-t1", "-tr", "1") { Listing = ["-t1", "-it"], Shows = [("trackerStats/1", "null")] },
        new("--reannounce", "-t1", "--reannounce"),
        RemoteVerb.Torrent("-S --stop", ["-S"], ("status", "0")),
        RemoteVerb.Torrent("-v --verify", ["-v"], ("status", "0"), ("leftUntilDone", "0"), ("haveValid", "300000")),
        RemoteVerb.Torrent("-s --start", ["-s"], ("status", "6")),
        RemoteVerb.Torrent("--move", ["--move", "{dir}/moved"], ("downloadDir", "\"{dir}/moved\""), ("leftUntilDone", "0")),
        RemoteVerb.Torrent("--find", ["--find", "{dir}/copy"], ("downloadDir", "\"{dir}/copy\""), ("leftUntilDone", "0"), ("status", "6")),
        new("-n --auth", "-n", "user:secret", "-l"),
        new("-ne --authenv", "-ne", "-l"),
        new("-N --netrc", "-N", "/dev/null", "-l"),
        new("--ssl (not offered)", "--ssl", "-l") { IsWordingFree = true },
        new("-t (nobody)", "-t99", "-i"),
        new("-r --remove", "-t2", "-r") { Listing = ["-t2", "-i"], Shows = [("torrents", "0")] },
        new("-rad --remove-and-delete", "-t1", "-rad") { Listing = ["-t1", "-i"], Shows = [("torrents", "0")] },
        RemoteVerb.List("-l (what is left)", "-l"),
        new("--exit", "--exit"),
    ];

    [Fact]
    public Task Every_verb_of_transmission_remote_does_the_same_with_our_service() => Stage.Play(output, Patience, async stage =>
    {
        stage.Network = await PrivateNetwork.Start(stage);
        var (alpha, beta) = await Torrents(stage);
        var ours = await RemoteSide.Ours(stage, Downloads(stage, "ours-files"));
        var theirs = await RemoteSide.Theirs(stage, Downloads(stage, "theirs-files"));
        var table = new StringBuilder();
        var differences = new List<string>();
        foreach (var verb in Verbs(alpha, beta))
        {
            var difference = await Compare(verb, ours, theirs, stage);
            table.AppendLine(CultureInfo.InvariantCulture, $"{verb.Name,-34} {(difference is null ? "same" : "DIFFERENT")}");
            if (difference is not null)
            {
                differences.Add($"{verb.Name}: {difference}");
                stage.Note(differences[^1]);
            }
        }
        output.WriteLine(table.ToString());
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
        Assert.Equal(0, await ours.Process.Exit(stage.Deadline));
        Assert.False(File.Exists(Path.Combine(ours.Downloads, "copy", "alpha.bin")), "-rad left the data");
        Assert.True(File.Exists(Path.Combine(ours.Downloads, "moved", "alpha.bin")), "--move did not move the data");
    });

    private static async Task<string?> Compare(RemoteVerb verb, RemoteSide ours, RemoteSide theirs, Stage stage)
    {
        var (our, their) = (await ours.Run(verb.Arguments), await theirs.Run(verb.Arguments));
        if (our.Exit != their.Exit)
            return $"exit code {our.Exit}, transmission's {their.Exit}:\n{our.Output}\n--\n{their.Output}";
        if (verb.Listing.Count == 0 || verb.Shows.Count == 0)
        {
            if (verb.IsOutputFree || verb.IsWordingFree)
                return null;
            return await Settled(
                async () =>
                {
                    var (one, other) = (Plain(our.Output, ours), Plain(their.Output, theirs));
                    if (one == other)
                        return null;
                    // A listing may be of a moment that has passed for the other.
                    if (verb.Arguments.Any(static argument => argument is "-l" or "-i" or "-f" or "-if" or "-ip" or "-pi" or "-ic" or "-it" or "-si" or "-st"))
                        (our, their) = (await ours.Run(verb.Arguments), await theirs.Run(verb.Arguments));
                    return $"prints\n{one}\n-- transmission:\n{other}";
                },
                stage);
        }
        foreach (var side in (RemoteSide[])[ours, theirs])
        {
            var fault = await Settled(() => Seen(verb, side), stage);
            if (fault is not null)
                return $"{side.Name}: {fault}\n{our.Output}\n--\n{their.Output}";
        }
        return null;
    }

    private static async Task<string?> Seen(RemoteVerb verb, RemoteSide side)
    {
        var answer = await side.Ask(verb.Listing);
        foreach (var (field, value) in verb.Shows)
        {
            var seen = Value(answer, field);
            if (seen != value.Replace("{dir}", side.Downloads, StringComparison.Ordinal))
                return $"{field} is {seen}, not {value}";
        }
        return null;
    }

    /// <summary>A field of the session's or the first torrent's; yes and no as numbers in lists, as the two versions differ there.</summary>
    private static string Value(JsonObject answer, string field)
    {
        if (field == "torrents")
            return answer["torrents"]!.AsArray().Count.ToString(CultureInfo.InvariantCulture);
        JsonNode? node = answer["torrents"] is JsonArray { Count: > 0 } torrents ? torrents[0] : answer;
        foreach (var part in field.Split('/'))
        {
            node = node is JsonArray list
                ? int.Parse(part, CultureInfo.InvariantCulture) is var at && at < list.Count ? list[at] : null
                : node?[part];
        }
        // Transmission writes 3.5000.
        return node is JsonValue value && value.TryGetValue<double>(out var number) ? number.ToString(CultureInfo.InvariantCulture) : node?.ToJsonString() ?? "null";
    }

    private static async Task<string?> Settled(Func<Task<string?>> look, Stage stage)
    {
        var last = await look();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stage.Deadline);
        patience.CancelAfter(EffectPatience);
        while (last is not null && !patience.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), stage.Deadline);
            last = await look();
        }
        return last;
    }

    /// <summary>What a verb printed, without what is each side's own.</summary>
    private static string Plain(string text, RemoteSide side)
    {
        var lines = text.Replace(side.Downloads, "{dir}", StringComparison.Ordinal)
            .Replace(side.Port.ToString(CultureInfo.InvariantCulture), "{port}", StringComparison.Ordinal)
            .Split('\n')
            .Select(static line => line.TrimEnd())
            .Where(static line => !Own.Any(own => line.TrimStart().StartsWith(own, StringComparison.Ordinal)));
        return Time().Replace(string.Join('\n', lines), "{time}");
    }

    [GeneratedRegex(@"\d+ seconds?( \(\d+ seconds?\))?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Time();

    private static string Downloads(Stage stage, string name)
    {
        var folder = stage.Folder.Make(name);
        foreach (var part in (string[])["", "copy"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
            File.Copy(Path.Combine(stage.Folder.Path, "source", "alpha.bin"), Path.Combine(folder, part, "alpha.bin"));
        }
        return folder;
    }

    private static async Task<(string Alpha, string Beta)> Torrents(Stage stage)
    {
        var source = stage.Folder.Make("source");
        var random = new Random(7);
        var bytes = new byte[300_000];
        random.NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(source, "alpha.bin"), bytes);
        var beta = Directory.CreateDirectory(Path.Combine(source, "beta")).FullName;
        foreach (var (name, size) in ((string, int)[])[("one.mkv", 200_000), ("two.txt", 100), ("three.bin", 70_000)])
            await File.WriteAllBytesAsync(Path.Combine(beta, name), bytes.AsMemory(0, size));
        return (await Create(stage, Path.Combine(source, "alpha.bin"), "alpha"), await Create(stage, beta, "beta"));
    }

    private static async Task<string> Create(Stage stage, string path, string name)
    {
        var torrent = Path.Combine(stage.Folder.Path, name + ".torrent");
        var create = stage.Start(
            "create", Programs.Dotnet, [ActorTorrentProcess.Assembly, "create", path, "-o", torrent, "--tracker", "http://127.0.0.1:9/announce", "--piece-length", "32KiB"]);
        Assert.Equal(0, await create.Exit(stage.Deadline));
        return torrent;
    }
}
