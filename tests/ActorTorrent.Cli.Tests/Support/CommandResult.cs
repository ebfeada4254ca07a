namespace ActorTorrent.Cli.Tests.Support;

/// <summary>What a command came to.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed as errors and remarks.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of <see cref="Output"/>.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
