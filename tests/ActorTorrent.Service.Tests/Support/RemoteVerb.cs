namespace ActorTorrent.Service.Tests.Support;

/// <summary>A verb of <c>transmission-remote</c>, and by what its effect is seen.</summary>
/// <param name="Name">As its help names it.</param>
/// <param name="Arguments">The command; <c>{dir}</c> stands for the service's folder.</param>
public sealed record RemoteVerb(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>The listing whose answer shows the effect; empty when what the verb prints is all.</summary>
    public IReadOnlyList<string> Listing { get; init; } = [];

    /// <summary>What it must show then, on both sides: a field and its value as JSON.</summary>
    public IReadOnlyList<(string Field, string Value)> Shows { get; init; } = [];

    /// <summary>Whether what the verb prints is not compared.</summary>
    public bool IsOutputFree { get; init; }

    /// <summary>Whether the two may print different sentences, as long as both do it.</summary>
    public bool IsWordingFree { get; init; }

    public static RemoteVerb Session(string name, string[] arguments, params (string, string)[] shows) =>
        new(name, arguments) { Listing = ["-si"], Shows = shows };

    public static RemoteVerb Torrent(string name, string[] arguments, params (string, string)[] shows) =>
        new(name, ["-t1", .. arguments]) { Listing = ["-t1", "-i"], Shows = shows };

    public static RemoteVerb Files(string name, string[] arguments, params (string, string)[] shows) =>
        new(name, ["-t2", .. arguments]) { Listing = ["-t2", "-f"], Shows = shows };

    public static RemoteVerb List(string name, params string[] arguments) => new(name, arguments);
}
