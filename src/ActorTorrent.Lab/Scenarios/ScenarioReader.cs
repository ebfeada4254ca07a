using System.Globalization;
using System.Text.Json;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>Reads scenario files (<c>config/scenarios/*.json</c>, described by <c>schema.json</c> there). Everything wrong in one is named at once.</summary>
public static class ScenarioReader
{
    private const int MostPeers = 200_000;
    private const long LargestTorrent = 16L << 30;
    private const long ShortestPiece = 16 << 10;
    private const long LongestPiece = 16 << 20;
    private const string Folder = "scenarios/";
    private const string Extension = ".json";

    private static readonly TimeSpan ShortestRun = TimeSpan.FromMilliseconds(100);

    /// <summary>The scenarios that come with the program.</summary>
    public static IReadOnlyList<string> Known =>
    [
        .. typeof(ScenarioReader).Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal) && !name.EndsWith("/schema.json", StringComparison.Ordinal))
            .Select(static name => name[Folder.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a scenario.</summary>
    /// <param name="nameOrPath">One that comes with the program, by its name, or a file.</param>
    /// <exception cref="ScenarioException">There is none, or it cannot be used.</exception>
    public static Scenario Load(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (File.Exists(nameOrPath))
        {
            try
            {
                return Parse(Path.GetFileName(nameOrPath), File.ReadAllText(nameOrPath), Path.GetDirectoryName(Path.GetFullPath(nameOrPath)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ScenarioException($"{nameOrPath}: {e.Message}");
            }
        }
        using var stream = typeof(ScenarioReader).Assembly.GetManifestResourceStream(Folder + nameOrPath + Extension)
            ?? throw new ScenarioException($"{nameOrPath}: no such file, and none of the scenarios that come with the program: {string.Join(", ", Known)}.");
        using var reader = new StreamReader(stream);
        return Parse(nameOrPath + Extension, reader.ReadToEnd());
    }

    /// <summary>Reads a scenario's text.</summary>
    /// <param name="file">What messages call it.</param>
    /// <param name="text">JSON; comments and trailing commas are allowed.</param>
    /// <param name="folder">Where files that it names are looked for; null for the working directory.</param>
    /// <exception cref="ScenarioException">It cannot be used.</exception>
    public static Scenario Parse(string file, string text, string? folder = null)
    {
        var faults = new List<string>();
        try
        {
            using var json = JsonDocument.Parse(
                text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var section = new ScenarioSection(json.RootElement, "$", faults);
            var scenario = Read(section, folder) with { Text = text, Folder = folder };
            section.Finish();
            if (faults.Count == 0)
                return scenario;
        }
        catch (JsonException e)
        {
            throw new ScenarioException($"{file}: not readable as JSON: {e.Message}");
        }
        throw new ScenarioException(string.Join(Environment.NewLine, faults.Select(fault => $"{file}: {fault}")));
    }

    private static Scenario Read(ScenarioSection section, string? folder)
    {
        section.Text("$schema", "");
        var d = new Scenario { Name = "" };
        var torrent = section.Section("torrent", static t => ReadTorrent(t)) ?? d;
        var scenario = new Scenario
        {
            Name = section.Text("name", "", isNeeded: true),
            Description = section.Text("description", ""),
            Seed = section.Whole("seed", d.Seed, 0, int.MaxValue),
            Repetitions = section.Whole("repetitions", d.Repetitions, 1, 1000),
            Duration = section.Duration("duration", d.Duration, ShortestRun),
            EndsWhenComplete = section.Flag("endsWhenComplete", d.EndsWhenComplete),
            TorrentBytes = torrent.TorrentBytes,
            PieceLength = torrent.PieceLength,
            TrackerInterval = section.Duration("trackerInterval", d.TrackerInterval, TimeSpan.FromSeconds(1)),
            Swarm = section.Sections("swarm", group => ReadGroup(group, folder)),
            Faults = section.Sections("faults", ReadFault),
        };
        if (section.Section("engine", ReadEngine) is { } engine)
        {
            scenario = scenario with
            {
                Role = engine.Role,
                Profiles = engine.Profiles,
                Settings = engine.Settings,
                MeasuresMailboxes = engine.MeasuresMailboxes,
            };
        }
        var variants = section.Sections("variants", static v => new ScenarioVariant(v.Text("name", "", isNeeded: true), v.Texts("settings")));
        if (variants.Count > 0)
            scenario = scenario with { Variants = variants };
        Check(section, scenario);
        return scenario;
    }

    private static Scenario ReadTorrent(ScenarioSection section)
    {
        var d = new Scenario { Name = "" };
        var pieceLength = section.Size("pieceLength", d.PieceLength, ShortestPiece, LongestPiece);
        if (!long.IsPow2(pieceLength))
            section.Refuse("pieceLength", "must be a power of two.");
        return d with { TorrentBytes = section.Size("size", d.TorrentBytes, 1, LargestTorrent), PieceLength = (int)pieceLength };
    }

    private static Scenario ReadEngine(ScenarioSection section) => new()
    {
        Name = "",
        Role = section.Choice("role", EngineRole.Download),
        Profiles = section.Texts("profiles"),
        Settings = section.Texts("settings"),
        MeasuresMailboxes = section.Flag("measureMailboxes", true),
    };

    private static PeerGroup ReadGroup(ScenarioSection section, string? folder)
    {
        var d = new PeerGroup { Name = "" };
        return new PeerGroup
        {
            Name = section.Text("name", "", isNeeded: true),
            Count = section.Whole("count", d.Count, 0, MostPeers),
            Behaviour = section.Choice("behaviour", d.Behaviour),
            Dials = section.Flag("dials", d.Dials),
            ReconnectAfter = section.Duration("reconnectAfter"),
            BytesPerSecond = section.Bytes("rate"),
            AfterBytes = section.Bytes("afterBytes") ?? 0,
            ReturnsAfter = section.Duration("returnsAfter"),
            Ending = section.Choice("ending", d.Ending),
            Probability = section.Number("probability", d.Probability, 0, 1),
            Every = section.Whole("every", d.Every, 0, int.MaxValue),
            PerSecond = section.Number("perSecond", d.PerSecond, 0.1, 100_000),
            Arrival = section.Section("arrival", ReadArrival) ?? d.Arrival,
            Session = section.Section("session", s => ReadDistribution(s, folder)),
            Away = section.Section("away", s => ReadDistribution(s, folder)),
            Role = section.Choice("role", d.Role),
            Settings = section.Texts("settings"),
            Link = section.Section("link", ReadLink),
        };
    }

    private static Arrival ReadArrival(ScenarioSection section)
    {
        var d = new Arrival();
        return new Arrival
        {
            Kind = section.Choice("kind", d.Kind),
            At = section.Duration("at", d.At),
            PerSecond = section.Number("perSecond", d.PerSecond, 0.001, 100_000),
            Mean = section.Duration("mean", d.Mean),
        };
    }

    private static TimeDistribution ReadDistribution(ScenarioSection section, string? folder)
    {
        var kind = section.Choice("kind", TimeDistributionKind.Constant);
        var mean = section.Duration("mean");
        if (mean is null && kind != TimeDistributionKind.Trace)
            section.Refuse("mean", "is missing; it must be a duration such as \"10s\".");
        var file = section.Text("file", "");
        var values = new List<double>();
        if (kind == TimeDistributionKind.Trace)
        {
            try
            {
                foreach (var line in File.ReadLines(Path.Combine(folder ?? "", file)))
                {
                    if (double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
                        values.Add(seconds);
                    else if (line.Trim() is { Length: > 0 } text && !text.StartsWith('#'))
                        section.Refuse("file", $"{file}: '{line}' is not a number of seconds above 0.");
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                section.Refuse("file", $"'{file}': {e.Message}");
            }
            if (values.Count == 0)
                section.Refuse("file", $"'{file}' holds no number of seconds.");
        }
        return new TimeDistribution { Kind = kind, Mean = mean ?? TimeSpan.Zero, Shape = section.Number("shape", 1, 0.05, 20), Values = values };
    }

    private static LinkShape ReadLink(ScenarioSection section) => new()
    {
        BytesPerSecond = section.Bytes("rate"),
        Latency = section.Duration("latency", TimeSpan.Zero),
        Jitter = section.Duration("jitter", TimeSpan.Zero),
        Chunk = (int)section.Size("chunk", LinkShape.Healthy.Chunk, 1, 1 << 20),
        StallEvery = section.Duration("stallEvery"),
        StallFor = section.Duration("stallFor", TimeSpan.FromSeconds(1)),
        LostAfter = section.Duration("lostAfter"),
        HalfOpen = section.Number("halfOpen", 0, 0, 1),
    };

    private static InjectedFault ReadFault(ScenarioSection section)
    {
        var d = new InjectedFault();
        return new InjectedFault
        {
            Kind = section.Choice("kind", d.Kind),
            At = section.Duration("at", d.At),
            Every = section.Duration("every"),
            Times = section.Whole("times", d.Times, 1, int.MaxValue),
            For = section.Duration("for"),
            Of = section.Has("of") ? section.Text("of", "") : null,
            Share = section.Number("share", d.Share, 0, 1),
            Ending = section.Choice("ending", d.Ending),
            Delay = section.Duration("delay", TimeSpan.FromMilliseconds(100)),
        };
    }

    private static void Check(ScenarioSection section, Scenario scenario)
    {
        if (scenario.Swarm.Count == 0)
            section.Refuse("swarm", "is missing or empty; it must be a list of groups of peers.");
        if (scenario.Swarm.Sum(static group => (long)group.Count) > MostPeers)
            section.Refuse("swarm", string.Create(CultureInfo.InvariantCulture, $"has more than {MostPeers} peers."));
        var names = scenario.Swarm.Select(static group => group.Name).ToHashSet(StringComparer.Ordinal);
        if (names.Count < scenario.Swarm.Count)
            section.Refuse("swarm", "has two groups of one name.");
        for (var i = 0; i < scenario.Faults.Count; i++)
        {
            var fault = scenario.Faults[i];
            if (fault.Of is { } of && !names.Contains(of))
                section.Refuse($"faults[{i}].of", $"is \"{of}\"; it must be one of {string.Join(", ", names)}.");
            if (fault.Every is { } every && every < TimeSpan.FromMilliseconds(100))
                section.Refuse($"faults[{i}].every", "must be 100ms at least.");
            if (fault.At >= scenario.Duration)
                section.Refuse($"faults[{i}].at", "must be before the end of the run (duration).");
            if (fault.Kind == InjectedFaultKind.Partition && scenario.Swarm.Any(group => group.Name == fault.Of && group.Behaviour == PeerBehaviour.Engine))
                section.Refuse($"faults[{i}].of", "whole engines cannot be cut off; scripted peers can.");
        }
        for (var i = 0; i < scenario.Swarm.Count; i++)
        {
            if (scenario.Swarm[i].Arrival.At >= scenario.Duration)
                section.Refuse($"swarm[{i}].arrival.at", "must be before the end of the run (duration).");
            if (scenario.Swarm[i] is { Behaviour: PeerBehaviour.Engine, Link: not null })
                section.Refuse($"swarm[{i}].link", "whole engines have none; settings can limit their rates.");
            if (scenario.Swarm[i] is { Behaviour: PeerBehaviour.Engine, Role: EngineRole.Probe })
                section.Refuse($"swarm[{i}].role", "whole engines as peers download or seed.");
            if (scenario.Swarm[i] is { Behaviour: not PeerBehaviour.Engine } and ({ Role: not EngineRole.Download } or { Settings.Count: > 0 }))
                section.Refuse($"swarm[{i}]", "role and settings are for whole engines (behaviour engine).");
            if (scenario.Swarm[i] is { Dials: true, Behaviour: PeerBehaviour.Refuses or PeerBehaviour.NeverAccepts or PeerBehaviour.FirstWriteup or PeerBehaviour.Engine })
                section.Refuse($"swarm[{i}].dials", $"peers that behave as {ScenarioNames.Of(scenario.Swarm[i].Behaviour)} do not dial.");
            if (scenario.Swarm[i].Session is null && scenario.Swarm[i].Away is not null)
                section.Refuse($"swarm[{i}].away", "needs a session before it.");
        }
    }
}
