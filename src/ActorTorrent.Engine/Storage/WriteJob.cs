using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Writes a piece that matched its hash.</summary>
internal sealed class WriteJob : DiskJob
{
    private readonly TorrentFiles _files;
    private readonly long _offset;

    public WriteJob(IActorRef owner, CancellationToken cancelled, TorrentFiles files, long offset, PendingPiece piece)
        : base(owner, isRead: false, cancelled)
    {
        _files = files;
        _offset = offset;
        Piece = piece;
        piece.Buffer.AddReference();
    }

    public PendingPiece Piece { get; }

    protected override string Subject => $"piece {Piece.Buffer.Piece}";

    protected override void Work() => _files.Write(_offset, Piece.Buffer.Bytes);

    protected override void Release() => Piece.Buffer.Release();
}
