using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The blocks a peer asked us for: a bounded queue, and a window of bytes between disk and socket so that a peer that
/// does not read costs no more than that window. Who asks for nothing has neither.
/// </summary>
internal sealed class PeerUploads(PeerEnvironment environment, int session, IActorRef connection, IActorRef self)
{
    // How often a peer may have what it is allowed while it is choked: once, and again what it lost on the way.
    private const int AllowedCopies = 2;

    // Asked of the limits at once; more would only be held back from other peers.
    private const int MostBlocksAskedFor = 16;

    // Each request of a run is read by a call of its own, so that who asks for single bytes does not keep a disk's thread.
    private const int MostParts = 64;

    private UploadQueue? _work;
    private IReadOnlyList<PieceIndex> _allowedFast = [];
    private int _allowedBlocks;
    private List<PeerMessage>? _refused;
    private bool _hasMoved;

    public int PieceCount => environment.Layout.PieceCount;

    /// <summary>Whether we choke the peer.</summary>
    public bool IsChoking { get; private set; } = true;

    /// <summary>Whether refusals may be said (BEP 6); without it they are silence.</summary>
    public bool CanReject { get; set; }

    /// <summary>Whether the peer has been told what we have.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Bytes of blocks sent in this session.</summary>
    public long Uploaded { get; private set; }

    public double Rate(TimeSpan now) => _work?.Rate.Rate(now) ?? 0;

    public bool TakeHasMoved()
    {
        var moved = _hasMoved;
        _hasMoved = false;
        return moved;
    }

    /// <summary>The peer may ask for these while it is choked (BEP 6), and for no others.</summary>
    public void AllowFast(IReadOnlyList<PieceIndex> pieces)
    {
        _allowedFast = pieces;
        _allowedBlocks = AllowedCopies * pieces.Sum(environment.Layout.BlockCount);
    }

    /// <summary>The peer has enough to trade with: what it may ask for while it is choked ends here.</summary>
    public void EndAllowedFast() => _allowedFast = [];

    /// <summary>
    /// Queues a request until the next <see cref="Pump"/>; false (and refused) while choking, unless the piece is an allowed fast one;
    /// beyond the queue's length; or when asked twice.
    /// </summary>
    public bool Enqueue(BlockRequest block)
    {
        if ((!IsChoking || _allowedFast.Contains(block.Piece)) && Work().TryAdd(block, environment.Options.MaxQueuedRequests))
        {
            // Else who asks for the same pieces for ever would need no slot.
            if (IsChoking && --_allowedBlocks == 0)
                EndAllowedFast();
            return true;
        }
        Refuse(block);
        return false;
    }

    /// <summary>Forgets a request, and says so; false for one that is unknown or sent already, which is no matter.</summary>
    public bool Cancel(BlockRequest block)
    {
        if (_work is null || !_work.Remove(block))
            return false;
        Refuse(block);
        return true;
    }

    /// <summary>Sends what was read, but for what was taken back meanwhile; false when that is all of it.</summary>
    public bool Send(StorageProtocol.BlockRead read)
    {
        if (_work?.EndRun(read.Parts, out var lost) is not { } run)
            return false;
        if (lost > 0)
            _work.Release(lost);
        if (run.Blocks.Count == 0)
        {
            run.Recycle();
            Pump();
            return false;
        }
        connection.Tell(new PeerConnectionProtocol.SendBlocks(run, read.Buffer));
        return true;
    }

    /// <summary>A block will not be sent; the peer hears of it with the next <see cref="TellRefused"/>.</summary>
    public void Refuse(BlockRequest block)
    {
        if (CanReject)
            (_refused ??= []).Add(PeerMessage.Reject(block));
    }

    /// <summary>Says what will not be sent, in one write: who asks for much while it is choked is not to cost a write each.</summary>
    public void TellRefused()
    {
        if (_refused is null)
            return;
        connection.Tell(new PeerConnectionProtocol.Send(_refused));
        _refused = null;
    }

    /// <summary>Books a read that failed.</summary>
    public void Unreadable(StorageProtocol.BlockUnreadable unreadable)
    {
        if (_work?.EndRun(unreadable.Parts, out _) is not { } run)
            return;
        foreach (var block in run.Blocks)
            Refuse(block);
        TellRefused();
        run.Recycle();
        _work.Release(unreadable.Block.Length);
        Pump();
    }

    /// <summary>Books blocks that left through the socket.</summary>
    /// <param name="payloadBytes">Bytes of blocks.</param>
    /// <param name="acknowledged">Bytes that the peer's system had acknowledged by then.</param>
    /// <param name="now">The present.</param>
    public void Sent(int payloadBytes, long acknowledged, TimeSpan now)
    {
        Uploaded += payloadBytes;
        _hasMoved = true;
        Work().Sent(payloadBytes, acknowledged, now);
        Pump();
    }

    /// <summary>Chokes (dropping what waits, with rejects where they exist) or unchokes.</summary>
    public void SetChoke(bool isChoking)
    {
        IsChoking = isChoking;
        if (!isChoking || _work is null)
            return;
        _work.Queue.RemoveAllBut(block => _allowedFast.Contains(block.Piece), Refuse);
        TellRefused();
        if (_work.Queue.Count == 0)
            _work.Lease.GiveBack();
    }

    /// <summary>The limits allow more.</summary>
    public void Granted(LimitsProtocol.Granted granted)
    {
        Work().Lease.Granted(granted);
        Pump();
    }

    /// <summary>A limit holds from now on, for what is on its way already, too.</summary>
    public void Revoked()
    {
        var work = Work();
        work.Lease.Revoke();
        environment.Bandwidth.Tell(new LimitsProtocol.Settle(environment.InfoHash, TransferDirection.Upload, work.Window), self);
    }

    /// <summary>The connection is over.</summary>
    public void Leave() => _work?.Leave();

    /// <summary>Lets go of what a peer needs that asks for blocks, if it does so no more.</summary>
    public void Rest()
    {
        if (_work is not { IsIdle: true })
            return;
        _work.Leave();
        _work = null;
    }

    /// <summary>Has read what the window and the limits allow: requests for bytes that lie side by side at once.</summary>
    public void Pump()
    {
        if (_work is not { } work)
            return;
        while (work.MayRead && work.Queue.TryPeek(out var first))
        {
            if (!work.Lease.TryTake(first.Length))
            {
                work.Lease.Need((long)Math.Min(work.Queue.Count, MostBlocksAskedFor) * FileLayout.BlockLength);
                return;
            }
            var run = environment.UploadRuns.Rent();
            run.Range = work.Take(first, run);
            while (run.Parts.Count < MostParts && work.Queue.TryPeek(out var next) && Follows(work, run.Range, next) && work.Lease.TryTake(next.Length))
                run.Range = run.Range with { Length = run.Range.Length + work.Take(next, run).Length };
            work.Begin(run);
            environment.Storage.Tell(new StorageProtocol.ReadBlock(run.Range, self) { Parts = run.Parts }, self);
        }
        if (work.Queue.Count == 0)
            work.Lease.GiveBack();
    }

    private bool Follows(UploadQueue work, BlockRequest range, BlockRequest next) =>
        next.Piece == range.Piece && next.Offset == range.Offset + range.Length
        && range.Length + next.Length <= environment.Options.UploadReadBytes
        && work.MayGrow(range.Length);

    private UploadQueue Work() =>
        _work ??= new UploadQueue(
            new BandwidthLease(environment.Bandwidth, self, environment.InfoHash, session, TransferDirection.Upload), environment.SendBudget, environment.Options);
}
