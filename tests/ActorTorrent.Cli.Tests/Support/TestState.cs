namespace ActorTorrent.Cli.Tests.Support;

/// <summary>What keeps tests to themselves: resume data does not go to the user's, and nothing goes outside.</summary>
internal static class TestState
{
    public const string Variable = "ACTORTORRENT_STATE";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "state");

    /// <summary>Tests ask no node of the public DHT, and say nothing to the network that they run in.</summary>
    public static string[] Offline(string[] arguments) => arguments is ["download" or "seed", ..]
        ? [arguments[0], .. arguments.Contains("--state", StringComparer.Ordinal) ? Array.Empty<string>() : ["--state", Path.Combine(Folder, Guid.NewGuid().ToString("n"))], .. Unless("--no-lsd", "--no-lsd", arguments), .. Unless("--dht-node", "--no-dht", arguments), .. arguments[1..]]
        : arguments;

    private static string[] Unless(string given, string option, string[] arguments) => arguments.Contains(given, StringComparer.Ordinal) ? [] : [option];
}
