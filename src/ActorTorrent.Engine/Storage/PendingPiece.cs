namespace ActorTorrent.Engine.Storage;

/// <summary>A piece that matched its hash and is on its way to the disk.</summary>
/// <param name="Buffer">Its bytes.</param>
/// <param name="Contributors">Who sent them.</param>
/// <param name="Liars">Whom it proves guilty.</param>
internal sealed record PendingPiece(PieceBuffer Buffer, IReadOnlyCollection<int> Contributors, IReadOnlyCollection<int> Liars);
