namespace ActorTorrent.Engine.Telemetry;

/// <summary>Every piece of a torrent at one moment.</summary>
/// <param name="PieceLength">Bytes of a piece; the last one may be shorter.</param>
/// <param name="States">How each is.</param>
/// <param name="Availability">How many connected peers have each, 255 standing for that many and more.</param>
public sealed record PieceMap(int PieceLength, IReadOnlyList<PieceState> States, IReadOnlyList<byte> Availability)
{
    /// <summary>Bytes of blocks that are there, of pieces that are not verified yet.</summary>
    public long UnverifiedBytes { get; init; }
}
