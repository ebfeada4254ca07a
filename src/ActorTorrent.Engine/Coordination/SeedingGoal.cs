namespace ActorTorrent.Engine.Coordination;

/// <summary>How much a torrent is to be seeded.</summary>
/// <param name="Ratio">Bytes sent for each byte of the torrent; 0 means no limit.</param>
/// <param name="Time">Time spent seeding; zero means no limit.</param>
internal readonly record struct SeedingGoal(double Ratio, TimeSpan Time)
{
    /// <summary>Whether it has been seeded enough. What was fetched counts when it is more than the torrent: waste must be given back, too.</summary>
    /// <param name="uploaded">Bytes sent, over all sessions.</param>
    /// <param name="downloaded">Bytes received, over all sessions.</param>
    /// <param name="size">Bytes of the torrent that are wanted.</param>
    /// <param name="seeding">Time spent seeding, over all sessions.</param>
    public bool IsReached(long uploaded, long downloaded, long size, TimeSpan seeding) =>
        (Ratio > 0 && uploaded >= Ratio * Math.Max(downloaded, size)) || (Time > TimeSpan.Zero && seeding >= Time);
}
