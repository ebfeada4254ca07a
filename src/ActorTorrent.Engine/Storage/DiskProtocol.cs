namespace ActorTorrent.Engine.Storage;

/// <summary>The conversation between a storage and the <see cref="DiskActor"/> of its volume.</summary>
internal static class DiskProtocol
{
    /// <summary>Storage → disk: run a job. Ends as <see cref="Finished"/> to the job's owner, whatever happens.</summary>
    /// <param name="Job">The job; the disk owns it until it is finished.</param>
    public sealed record Submit(DiskJob Job);

    /// <summary>Disk → storage: a job ran, failed or was abandoned; <see cref="DiskJob.Fault"/> tells.</summary>
    /// <param name="Job">The job, back with its owner.</param>
    public sealed record Finished(DiskJob Job);

    /// <summary>Disk → itself: a worker has nothing to do.</summary>
    public sealed record WorkerFree
    {
        /// <summary>The one instance.</summary>
        public static readonly WorkerFree Instance = new();
    }
}
