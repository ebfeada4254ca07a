namespace ActorTorrent.Cli.Tests.Support;

/// <summary>What keeps tests to themselves: resume data does not go to the user's, and nothing goes outside.</summary>
internal static class TestState
{
    public const string Variable = "ACTORTORRENT_STATE";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "state");

    /// <summary>Tests ask no node of the public DHT.</summary>
    public static string[] Offline(string[] arguments) => arguments is ["download" or "seed", ..] && !arguments.Contains("--dht-node", StringComparer.Ordinal)
        ? [arguments[0], "--no-dht", .. arguments[1..]]
        : arguments;
}
