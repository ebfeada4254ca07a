namespace ActorTorrent.Engine.Telemetry;

/// <summary>What torrents that are gone had moved.</summary>
/// <param name="Downloaded">Bytes of blocks received.</param>
/// <param name="Uploaded">Bytes of blocks sent.</param>
/// <param name="Wasted">Bytes received in vain.</param>
internal readonly record struct MovedBytes(long Downloaded, long Uploaded, long Wasted)
{
    public static MovedBytes operator +(MovedBytes a, MovedBytes b) =>
        new(a.Downloaded + b.Downloaded, a.Uploaded + b.Uploaded, a.Wasted + b.Wasted);

    public static MovedBytes Of(TorrentSnapshot snapshot) => new(snapshot.Downloaded, snapshot.Uploaded, snapshot.Wasted);
}
