namespace ActorTorrent.Lab.Scenarios;

/// <summary>What the engine under test does.</summary>
public enum EngineRole
{
    /// <summary>It downloads the torrent.</summary>
    Download,

    /// <summary>It has the torrent and serves it.</summary>
    Seed,

    /// <summary>It probes every peer once.</summary>
    Probe,
}
