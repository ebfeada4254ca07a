namespace ActorTorrent.Cli;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done; for a download: complete and verified.</summary>
    public const int Ok = 0;

    /// <summary>Something failed that has no number of its own.</summary>
    public const int Failed = 1;

    /// <summary>Bad arguments, or a torrent that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>No progress is possible.</summary>
    public const int NoProgress = 3;

    /// <summary>Our disk.</summary>
    public const int Disk = 4;

    /// <summary>Stopped by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
