namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>A program under measurement: how it is started.</summary>
internal interface IMeasuredClient
{
    /// <summary>Its name and version.</summary>
    Task<string> VersionAsync(CancellationToken stop);

    /// <summary>Starts it to fetch the scene's content into a folder.</summary>
    MeasuredRun Fetch(TransferScene scene, string folder);

    /// <summary>Starts it to serve the scene's content, which is there.</summary>
    MeasuredRun Seed(TransferScene scene);
}
