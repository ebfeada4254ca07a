using ActorTorrent.Engine.Hashing;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <content>Full pieces: they are hashed in groups, which takes far less time than one by one, and those that match are written.</content>
internal sealed partial class StorageActor
{
    private const int MostPiecesAtOnce = 64;

    private readonly List<PendingPiece> _waiting = [];
    private TimeSpan? _lastFullAt;
    private bool _isDue;
    private bool _isWriting;

    /// <summary>Bytes that a group may have; as many wait for their turn meanwhile.</summary>
    private long GroupBytes => _options.WriteBudgetBytes / 2;

    /// <summary>Pieces that are worth waiting for; 1 where a group that is allowed would be hashed one by one.</summary>
    private int GroupWidth => Sha1Group.WidthFor(GroupBytes, _layout.PieceLength);

    private void ReceivePieces()
    {
        Receive<HashNow>(_ =>
        {
            _isDue = true;
            StartPieces();
        });
        Receive<PieceJob.Progress>(progress =>
        {
            // Of the instance before a restart otherwise, which has let go of its pieces.
            if (!progress.Job.IsCancelled)
                Settle(progress.Job, progress.Done);
        });
    }

    private void OnFull(PieceBuffer buffer)
    {
        _slots.Remove(buffer.Piece);
        var piece = new PendingPiece(buffer, buffer.Contributors());
        _pending.Add(buffer.Piece, piece);
        _pendingBytes += buffer.Size;
        _waiting.Add(piece);
        // Only at a rate that brings enough others in time is there something to wait for.
        var isRare = _lastFullAt is not { } last || (Now - last) * Sha1Group.Fewest > _options.HashWait;
        _lastFullAt = Now;
        if (isRare || _have.SetCount + _pending.Count == _layout.PieceCount)
            _isDue = true;
        StartPieces();
        TellPressure();
    }

    /// <summary>
    /// Starts a job for the pieces that wait, if they are due or enough. Never two at a time: two threads that write to one file keep each other
    /// waiting, and what becomes full meanwhile is the next group.
    /// </summary>
    /// <param name="retries">Whether those are written, too, that a fault of the disk holds back.</param>
    private void StartPieces(bool retries = false)
    {
        if (_isWriting)
            return;
        var group = TakeGroup(retries);
        if (group.Count == 0)
            return;
        _isWriting = true;
        Submit(new PieceJob(Self, _whenStopped, _files, _layout, _hashes, group));
    }

    private List<PendingPiece> TakeGroup(bool retries)
    {
        var group = new List<PendingPiece>();
        var bytes = 0L;
        foreach (var piece in _waiting)
        {
            piece.MayBeWritten = MayWrite(piece, retries);
            if (piece is { IsGood: true, MayBeWritten: false })
                continue;
            bytes += piece.Buffer.Size;
            if (group.Count > 0 && (bytes > GroupBytes || group.Count == MostPiecesAtOnce))
            {
                _isDue = true;
                break;
            }
            group.Add(piece);
        }
        var width = GroupWidth;
        if (group.Count < width && !_isDue)
        {
            if (group.Count > 0 && !Timers.IsTimerActive(HashNow.Key))
                Timers.StartSingleTimer(HashNow.Key, HashNow.Instance, _options.HashWait);
            return [];
        }
        // No lane stays empty as long as there are others to fill.
        if (group.Count > width && !_isDue)
            group.RemoveRange(group.Count - (group.Count % width), group.Count % width);
        _isDue = false;
        Timers.Cancel(HashNow.Key);
        _waiting.RemoveAll(group.Contains);
        return group;
    }

    /// <summary>
    /// Not while older blocks of the same piece are on their way to the disk: they may be those of a copy that failed, and must not land on
    /// top of the good one.
    /// </summary>
    private bool MayWrite(PendingPiece piece, bool retries) =>
        !IsFenced && (_fault is null || retries) && !_keeping.Contains(piece.Buffer.Piece);

    private void OnPiecesDone(PieceJob job)
    {
        _isWriting = false;
        Settle(job, job.Pieces.Count);
        CompleteIfComplete();
        SettleFault();
        StartPieces();
        AnswerFlush();
    }

    private void Settle(PieceJob job, int done)
    {
        for (; job.Settled < done; job.Settled++)
        {
            var piece = job.Pieces[job.Settled];
            if (piece.IsGood == false)
                OnBad(piece);
            else if ((job.Fault ?? piece.Fault) is { } fault)
                OnUnwritten(piece, fault);
            else if (piece.IsWritten)
                OnWritten(piece);
            else
                _waiting.Add(piece);
        }
        TellPressure();
    }

    private void OnBad(PendingPiece piece)
    {
        Forget(piece);
        _failedSums.Remember(piece.Buffer);
        // The fault may lie in a block of an earlier run: then it proves nothing against those who sent the others.
        _coordinator.Tell(new StorageProtocol.PieceFailed(piece.Buffer.Piece, piece.Buffer.HasUnknown ? [] : piece.Contributors));
        piece.Buffer.Release();
    }

    private void OnUnwritten(PendingPiece piece, DiskFault fault)
    {
        piece.Fault = null;
        _waiting.Add(piece);
        Fail(fault);
    }

    private void OnWritten(PendingPiece piece)
    {
        Forget(piece);
        var index = piece.Buffer.Piece;
        _have.Set(index);
        _check?.Have.Set(index);
        _changes++;
        _lastWriteAt = Now;
        var liars = _failedSums.Judge(piece.Buffer);
        piece.Buffer.Release();
        _coordinator.Tell(new StorageProtocol.PieceVerified(index, piece.Contributors, liars));
    }

    private void Forget(PendingPiece piece)
    {
        _pending.Remove(piece.Buffer.Piece);
        _pendingBytes -= piece.Buffer.Size;
    }

    private void TellPressure()
    {
        var isHigh = _isHigh ? _pendingBytes > _options.WriteBudgetBytes / 2 : _pendingBytes > _options.WriteBudgetBytes;
        if (isHigh == _isHigh)
            return;
        _isHigh = isHigh;
        _coordinator.Tell(new StorageProtocol.Pressure(isHigh));
    }

    /// <summary>Storage → itself: pieces that are full have waited long enough for others.</summary>
    private sealed record HashNow
    {
        public const string Key = "hash";

        public static readonly HashNow Instance = new();
    }
}
