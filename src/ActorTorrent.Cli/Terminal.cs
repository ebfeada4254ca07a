using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>Whether output goes to a terminal.</summary>
internal static class Terminal
{
    /// <summary>The terminal that a writer stands for; null when it is a pipe, a file or anything else.</summary>
    public static IAnsiConsole? Of(TextWriter output)
        => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? AnsiConsole.Console : null;
}
