namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.ip-filter</c> section of the HOCON files sets.</summary>
public sealed record FilterOptions
{
    private static readonly IReadOnlyList<string> None = [];

    /// <summary>The lists that are read; none for no filter.</summary>
    public IReadOnlyList<string> Files { get; init; } = None;

    /// <summary>How often the files are looked at; one that has changed is read anew.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromMinutes(1);
}
