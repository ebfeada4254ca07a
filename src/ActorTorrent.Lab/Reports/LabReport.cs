namespace ActorTorrent.Lab.Reports;

/// <summary>What runs came to, and all that is needed to run them again.</summary>
public sealed record LabReport
{
    /// <summary>When the first run began, in UTC.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The machine.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The version of ActorTorrent.</summary>
    public string Version { get; init; } = "";

    /// <summary>The version of .NET.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>The foreign client under load; null for the own engine.</summary>
    public string? Target { get; init; }

    /// <summary>Whether it was stopped before its end.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>The scenarios.</summary>
    public IReadOnlyList<ScenarioText> Scenarios { get; init; } = [];

    /// <summary>The runs, in order.</summary>
    public IReadOnlyList<LabRunResult> Runs { get; init; } = [];
}
