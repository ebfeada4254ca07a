using Spectre.Console;

namespace ActorTorrent.Cli;

/// <summary>Whether output goes to a terminal.</summary>
internal static class Terminal
{
    /// <summary>The terminal that a writer stands for; null when it is a pipe, a file or anything else.</summary>
    public static IAnsiConsole? Of(TextWriter output)
        => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? AnsiConsole.Console : null;

    /// <summary>How wide a line may be: as the terminal, else as it likes.</summary>
    public static int WidthOf(TextWriter output) => Of(output)?.Profile.Width ?? int.MaxValue;
}
