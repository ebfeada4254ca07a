namespace ActorTorrent.Lab.Scenarios;

/// <summary>An experiment as its file describes it: swarm, faults over time, the engine's set-up, what ends it.</summary>
public sealed record Scenario
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows, in a sentence or two.</summary>
    public string Description { get; init; } = "";

    /// <summary>What decides content, arrivals, sessions and victims; repetition n takes the n-th number from here.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How often each variant is run.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>The longest a run may take.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a run ends with the download; else after <see cref="Duration"/>.</summary>
    public bool EndsWhenComplete { get; init; } = true;

    /// <summary>Bytes of the torrent.</summary>
    public long TorrentBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of a piece.</summary>
    public int PieceLength { get; init; } = 256 << 10;

    /// <summary>What the engine does.</summary>
    public EngineRole Role { get; init; }

    /// <summary>Profiles laid over the settings, <c>lab</c> first.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>HOCON laid over these.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Whether the depth of mailboxes is measured; it costs a message to every actor a second.</summary>
    public bool MeasuresMailboxes { get; init; } = true;

    /// <summary>How often the tracker asks to be asked.</summary>
    public TimeSpan TrackerInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The peers.</summary>
    public IReadOnlyList<PeerGroup> Swarm { get; init; } = [];

    /// <summary>What is done to them.</summary>
    public IReadOnlyList<InjectedFault> Faults { get; init; } = [];

    /// <summary>How the engine is set up, one after the other; at least one.</summary>
    public IReadOnlyList<ScenarioVariant> Variants { get; init; } = [new ScenarioVariant("as it is", [])];

    /// <summary>Where the file is; null for one that came with the program.</summary>
    public string? Folder { get; init; }

    /// <summary>The file's text, for reports and helper processes.</summary>
    public string Text { get; init; } = "";
}
