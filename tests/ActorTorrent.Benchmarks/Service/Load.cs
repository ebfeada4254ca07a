namespace ActorTorrent.Benchmarks.Service;

/// <summary>What calls the API during a download.</summary>
internal enum Load
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>The requests are spread over the time that the download takes alone.</summary>
    Spread,

    /// <summary>Each client's next request follows at once on the last one's answer.</summary>
    AtOnce,
}
