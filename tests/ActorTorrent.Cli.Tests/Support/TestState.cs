namespace ActorTorrent.Cli.Tests.Support;

/// <summary>Where resume data of the tests goes, so that it does not go to the user's.</summary>
internal static class TestState
{
    public const string Variable = "ACTORTORRENT_STATE";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "state");
}
