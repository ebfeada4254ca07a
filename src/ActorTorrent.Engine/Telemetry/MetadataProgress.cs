namespace ActorTorrent.Engine.Telemetry;

/// <summary>How far the metadata of a magnet link has come.</summary>
/// <param name="PiecesHave">Pieces of 16 KiB of the copy that is nearest to its end.</param>
/// <param name="PiecesTotal">Pieces that copy has; 0 while nobody has offered any.</param>
/// <param name="Peers">Connected peers that offer it.</param>
public sealed record MetadataProgress(int PiecesHave, int PiecesTotal, int Peers);
