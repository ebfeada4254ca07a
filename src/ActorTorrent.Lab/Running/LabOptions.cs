namespace ActorTorrent.Lab.Running;

/// <summary>How scenarios are run.</summary>
public sealed record LabOptions
{
    /// <summary>How often each variant is run; null for what the scenario says.</summary>
    public int? Repetitions { get; init; }

    /// <summary>The seed of the first repetition; null for what the scenario says.</summary>
    public int? Seed { get; init; }

    /// <summary>The longest a run may take; null for what the scenario says.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Where schedules and reports go; null for nowhere.</summary>
    public string? OutFolder { get; init; }

    /// <summary>The client that is put under load; null for the own engine.</summary>
    public LabTarget? Target { get; init; }

    /// <summary>The program, and the arguments that come first, that runs helpers; null to run them in this process.</summary>
    public IReadOnlyList<string>? WorkerProgram { get; init; }
}
