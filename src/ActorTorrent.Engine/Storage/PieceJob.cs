using ActorTorrent.Engine.Hashing;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Hashes full pieces, together, and writes those that match and may be written. What becomes of each is left in the piece: one that
/// cannot be written does not keep the others from it.
/// </summary>
internal sealed class PieceJob : DiskJob
{
    // Told of at once: so soon is their memory free for other pieces, instead of fresh one, which is dear to touch.
    private const int StepBytes = 4 << 20;

    private readonly TorrentFiles _files;
    private readonly FileLayout _layout;
    private readonly PieceHashes _hashes;
    private int _done;

    public PieceJob(
        IActorRef owner, CancellationToken cancelled, TorrentFiles files, FileLayout layout, PieceHashes hashes, IReadOnlyList<PendingPiece> pieces)
        : base(owner, isRead: false, cancelled)
    {
        _files = files;
        _layout = layout;
        _hashes = hashes;
        Pieces = pieces;
        foreach (var piece in pieces)
            piece.Buffer.AddReference();
    }

    public IReadOnlyList<PendingPiece> Pieces { get; }

    /// <summary>How many of the pieces, from the first on, the owner has dealt with; the owner's alone.</summary>
    public int Settled { get; set; }

    protected override string Subject => Pieces.Count == 1 ? $"piece {Pieces[0].Buffer.Piece}" : $"{Pieces.Count} pieces";

    protected override void Work()
    {
        Hash();
        var bytes = 0L;
        for (var i = 0; i < Pieces.Count; i++)
        {
            var piece = Pieces[i];
            if (piece is { IsGood: true, MayBeWritten: true } && !IsCancelled)
                Write(piece);
            bytes += piece.Buffer.Size;
            if (bytes < StepBytes || i + 1 == Pieces.Count)
                continue;
            bytes = 0;
            LetGo(i + 1);
            Owner.Tell(new Progress(this, i + 1), ActorRefs.NoSender);
        }
    }

    protected override void Release() => LetGo(Pieces.Count);

    private void LetGo(int done)
    {
        for (; _done < done; _done++)
            Pieces[_done].Buffer.Release();
    }

    /// <summary>Hashes those that no earlier job hashed.</summary>
    private void Hash()
    {
        var unknown = Pieces.Where(piece => piece.IsGood is null).ToArray();
        var inputs = new HashInput[unknown.Length];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = unknown[i].Buffer.HashInput;
        Span<byte> sums = stackalloc byte[Sha1Group.HashLength * inputs.Length];
        Sha1Group.HashData(inputs, sums);
        for (var i = 0; i < unknown.Length; i++)
            unknown[i].IsGood = _hashes.Matches(unknown[i].Buffer.Piece, sums.Slice(i * Sha1Group.HashLength, Sha1Group.HashLength));
    }

    private void Write(PendingPiece piece)
    {
        try
        {
            _files.Write(_layout.PieceOffset(piece.Buffer.Piece), piece.Buffer.Bytes);
            piece.IsWritten = true;
        }
        catch (DiskFaultException failure)
        {
            piece.Fault = failure.Fault;
        }
    }

    /// <summary>Job → its owner: the first of its pieces are the owner's again.</summary>
    /// <param name="Job">The job, which goes on.</param>
    /// <param name="Done">How many of its pieces.</param>
    public sealed record Progress(PieceJob Job, int Done);
}
