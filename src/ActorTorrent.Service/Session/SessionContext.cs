using ActorTorrent.Engine.Options;
using ActorTorrent.Service.Options;

namespace ActorTorrent.Service.Session;

/// <summary>What a session works with.</summary>
/// <param name="Settings">What the host sets.</param>
/// <param name="Options">What the engine tunes.</param>
/// <param name="Defaults">The session's settings as configuration and tuning say.</param>
/// <param name="Current">The session's settings now: with what users changed.</param>
/// <param name="Store">Its folder.</param>
internal sealed record SessionContext(
    ServiceSettings Settings, EngineOptions Options, SessionSettings Defaults, SessionSettings Current, SessionStore Store)
{
    /// <summary>What the session's actor answered last.</summary>
    public SessionBoard Board { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The session's settings where nobody changed any.</summary>
    public static SessionSettings DefaultsOf(ServiceSettings settings, EngineOptions options) => new()
    {
        DownloadFolder = settings.DownloadFolder,
        IncompleteFolder = settings.IncompleteFolder ?? settings.DownloadFolder,
        UsesIncompleteFolder = settings.IncompleteFolder is not null,
        DownloadLimit = LimitOf(options.Limits.Engine.Download.BytesPerSecond),
        UploadLimit = LimitOf(options.Limits.Engine.Upload.BytesPerSecond),
        MaxPeers = options.Peer.MaxConnections,
        MaxPeersPerTorrent = options.Torrent.MaxPeers,
        PeerPort = settings.PeerPort ?? options.Listen.Port,
        Dht = options.Dht.Enabled,
        Pex = options.Pex.IsEnabled,
        Lpd = options.Lsd.Enabled,
        DownloadQueueSize = options.Queue.MaxActiveDownloads == 0 ? 5 : options.Queue.MaxActiveDownloads,
        IsDownloadQueued = options.Queue.MaxActiveDownloads > 0,
        SeedQueueSize = options.Queue.MaxActiveSeeds == 0 ? 10 : options.Queue.MaxActiveSeeds,
        IsSeedQueued = options.Queue.MaxActiveSeeds > 0,
        RatioLimit = options.Queue.RatioLimit > 0 ? options.Queue.RatioLimit : 2,
        IsRatioLimited = options.Queue.RatioLimit > 0,
        DeletesWatched = settings.DeletesWatched,
        CompletionScript = settings.CompletionScript ?? "",
        IsCompletionScriptOn = settings.CompletionScript is not null,
    };

    /// <summary>The engine's options as the session's settings want them.</summary>
    public static EngineOptions Apply(EngineOptions options, SessionSettings settings) => options with
    {
        Listen = options.Listen with { Port = settings.IsPeerPortRandom ? 0 : settings.PeerPort },
        Peer = options.Peer with { MaxConnections = settings.MaxPeers },
        Torrent = options.Torrent with { MaxPeers = settings.MaxPeersPerTorrent },
        Dht = options.Dht with { Enabled = settings.Dht },
        Pex = options.Pex with { IsEnabled = settings.Pex },
        Lsd = options.Lsd with { Enabled = settings.Lpd },
    };

    private static SpeedLimit LimitOf(long bytesPerSecond) =>
        bytesPerSecond == 0 ? new SpeedLimit(IsOn: false, 100) : new SpeedLimit(IsOn: true, (int)Math.Max(1, bytesPerSecond / 1000));
}
