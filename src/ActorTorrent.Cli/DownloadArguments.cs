using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Cli;

/// <summary>What the user asked of <c>download</c>.</summary>
internal sealed record DownloadArguments
{
    public required string Torrent { get; init; }

    public required string Output { get; init; }

    public int? Port { get; init; }

    /// <summary>The own addresses to use; none for those of the settings.</summary>
    public BindOptions? Bind { get; init; }

    /// <summary>The proxy to use; null for that of the settings.</summary>
    public ProxyOptions? Proxy { get; init; }

    public IReadOnlyList<string> Peers { get; init; } = [];

    public int? MaxPeers { get; init; }

    public ByteRate? DownloadLimit { get; init; }

    public ByteRate? UploadLimit { get; init; }

    public string? Select { get; init; }

    public string? High { get; init; }

    public string? Low { get; init; }

    public bool IsSequential { get; init; }

    public bool IsFirstAndLastFirst { get; init; }

    /// <summary>Whether peers are shown one piece at a time (BEP 16).</summary>
    public bool IsSuperSeeding { get; init; }

    public bool KeepsSeeding { get; init; }

    /// <summary>Whether everything must be there already: nothing is fetched, and to be stopped is the good end.</summary>
    public bool OnlySeeds { get; init; }

    /// <summary>Whether there is a DHT node, if the settings do not say otherwise.</summary>
    public bool HasDht { get; init; } = true;

    /// <summary>The nodes that the DHT begins with; none for those of the settings.</summary>
    public IReadOnlyList<string> DhtNodes { get; init; } = [];

    /// <summary>Whether peers are looked for in the local network (BEP 14).</summary>
    public bool UsesLsd { get; init; } = true;

    /// <summary>Lists of addresses that nobody is to talk to, besides those of the settings.</summary>
    public IReadOnlyList<string> IpFilters { get; init; } = [];

    public bool IsJson { get; init; }

    public bool ShowsActors { get; init; }

    public IReadOnlyList<string> Profiles { get; init; } = [];

    public required string State { get; init; }
}
