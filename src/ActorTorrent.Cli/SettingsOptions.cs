using System.CommandLine;

namespace ActorTorrent.Cli;

/// <summary>The options of every verb that starts the engine: its settings, and where it keeps what it knows.</summary>
internal static class SettingsOptions
{
    /// <summary><c>--profile</c>.</summary>
    public static Option<string[]> Profile() => new("--profile")
    {
        Description = "A profile of hocon/profiles, or a HOCON file, laid over the settings; may be repeated.",
        HelpName = "NAME|FILE",
    };

    /// <summary><c>--state</c>.</summary>
    /// <param name="kept">What is kept there, for the help.</param>
    public static Option<string?> State(string kept) => new("--state")
    {
        Description = $"The folder that {kept} is kept in; ${StateFolder.Variable} or ~/.local/state/actortorrent when not given.",
        HelpName = "DIR",
    };
}
