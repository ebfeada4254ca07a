namespace ActorTorrent.Lab.Chaos;

/// <summary>What a faulty disk does, each with its chance from 0 to 1 for a single read or write.</summary>
public sealed record DiskScript
{
    /// <summary>It takes its time.</summary>
    public double Delays { get; init; }

    /// <summary>The shortest time that it takes then.</summary>
    public TimeSpan ShortestDelay { get; init; }

    /// <summary>The longest time that it takes then.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A read fails (EIO).</summary>
    public double ReadErrors { get; init; }

    /// <summary>A write fails (EIO) before anything was written.</summary>
    public double WriteErrors { get; init; }

    /// <summary>A write stops in the midst and fails (EIO).</summary>
    public double TornWrites { get; init; }

    /// <summary>A read brings fewer bytes than asked for, which is no failure.</summary>
    public double ShortReads { get; init; }

    /// <summary>A write finds no space left (ENOSPC).</summary>
    public double NoSpace { get; init; }

    /// <summary>Nothing of all that.</summary>
    public static DiskScript Healthy { get; } = new();

    /// <summary>Every read and write takes so much longer, and nothing else is wrong.</summary>
    public static DiskScript Slow(TimeSpan delay) => new() { Delays = 1, ShortestDelay = delay, LongestDelay = delay };

    /// <summary>Some of everything.</summary>
    public static DiskScript Bad { get; } = new()
    {
        Delays = 0.05,
        ReadErrors = 0.02,
        WriteErrors = 0.03,
        TornWrites = 0.03,
        ShortReads = 0.1,
        NoSpace = 0.02,
    };
}
