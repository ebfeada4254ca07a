namespace ActorTorrent.Cli;

/// <summary>Where the program keeps what it knows of torrents between two runs.</summary>
internal static class StateFolder
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "ACTORTORRENT_STATE";

    private const string Name = "actortorrent";

    /// <summary>
    /// The folder: what the user says, or <c>$ACTORTORRENT_STATE</c>, or <c>actortorrent</c> in <c>$XDG_STATE_HOME</c>, or in
    /// <c>~/.local/state</c>; on Windows in the local application data.
    /// </summary>
    /// <param name="option">The option's value; null when it is not given.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static string Find(string? option, Func<string, string?> environment)
    {
        if (option is not null)
            return Path.GetFullPath(option);
        if (environment(Variable) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        if (OperatingSystem.IsWindows())
            return Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Name);
        // A relative path there is to be ignored, says the XDG base directory specification.
        if (environment("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state))
            return Path.Join(state, Name);
        return Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", Name);
    }
}
