using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The blocks a peer asked us for: a bounded queue, and a window of bytes between disk and socket so that a peer that
/// does not read costs no more than that window.
/// </summary>
internal sealed class PeerUploads(PeerEnvironment environment, int session, IActorRef connection, IActorRef self)
{
    // Asked of the limits at once; more would only be held back from other peers.
    private const int MostBlocksAskedFor = 16;

    private readonly RequestQueue _queue = new();
    private readonly HashSet<BlockRequest> _reading = [];
    private readonly List<UploadRun> _runs = [];
    private readonly List<BlockRequest> _run = [];
    private readonly HashSet<PieceIndex> _allowedFast = [];
    private readonly RateMeter _rate = new();
    private readonly BandwidthLease _lease = new(environment.Bandwidth, self, environment.InfoHash, session, TransferDirection.Upload);
    private int _window;
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

    public double Rate(TimeSpan now) => _rate.Rate(now);

    public bool TakeHasMoved()
    {
        var moved = _hasMoved;
        _hasMoved = false;
        return moved;
    }

    /// <summary>The peer may ask for these while it is choked (BEP 6).</summary>
    public void AllowFast(IEnumerable<PieceIndex> pieces) => _allowedFast.UnionWith(pieces);

    /// <summary>The peer has enough to trade with: what it may ask for while it is choked ends here.</summary>
    public void EndAllowedFast() => _allowedFast.Clear();

    /// <summary>
    /// Queues a request until the next <see cref="Pump"/>; false (and refused) while choking, unless the piece is an allowed fast one;
    /// beyond the queue's length; or when asked twice.
    /// </summary>
    public bool Enqueue(BlockRequest block)
    {
        var isAllowed = !IsChoking || _allowedFast.Contains(block.Piece);
        if (isAllowed && _queue.Count < environment.Options.MaxQueuedRequests && !_reading.Contains(block) && _queue.TryAdd(block))
            return true;
        Refuse(block);
        return false;
    }

    /// <summary>Forgets a request, and says so; false for one that is unknown or sent already, which is no matter.</summary>
    public bool Cancel(BlockRequest block)
    {
        if (!_queue.Remove(block) && !_reading.Remove(block))
            return false;
        Refuse(block);
        return true;
    }

    /// <summary>Sends what was read, but for what was taken back meanwhile; false when that is all of it.</summary>
    public bool Send(StorageProtocol.BlockRead read)
    {
        if (!TryEndRun(read.Block, out var blocks, out var lost))
            return false;
        if (lost > 0)
            Release(lost);
        if (blocks.Count == 0)
        {
            Pump();
            return false;
        }
        connection.Tell(new PeerConnectionProtocol.SendBlocks(blocks, read.Block.Offset, read.Buffer));
        return true;
    }

    /// <summary>Says that a block will not be sent.</summary>
    public void Refuse(BlockRequest block)
    {
        if (CanReject)
            connection.Tell(new PeerConnectionProtocol.Send([PeerMessage.Reject(block)]));
    }

    /// <summary>Books a read that failed.</summary>
    public void Unreadable(BlockRequest range)
    {
        if (!TryEndRun(range, out var blocks, out _))
            return;
        foreach (var block in blocks)
            Refuse(block);
        Release(range.Length);
        Pump();
    }

    /// <summary>Books blocks that left through the socket.</summary>
    public void Sent(int payloadBytes, TimeSpan now)
    {
        _window -= payloadBytes;
        Uploaded += payloadBytes;
        _hasMoved = true;
        _rate.Add(payloadBytes, now);
        Pump();
    }

    /// <summary>Chokes (dropping what waits, with rejects where they exist) or unchokes.</summary>
    public void SetChoke(bool isChoking)
    {
        IsChoking = isChoking;
        if (!isChoking)
            return;
        _queue.RemoveAllBut(block => _allowedFast.Contains(block.Piece), Refuse);
        if (_queue.Count == 0)
            _lease.GiveBack();
    }

    /// <summary>The limits allow more.</summary>
    public void Granted(LimitsProtocol.Granted granted)
    {
        _lease.Granted(granted);
        Pump();
    }

    /// <summary>A limit holds from now on, for what is on its way already, too.</summary>
    public void Revoked()
    {
        _lease.Revoke();
        environment.Bandwidth.Tell(new LimitsProtocol.Settle(environment.InfoHash, TransferDirection.Upload, _window), self);
    }

    /// <summary>The connection is over.</summary>
    public void Leave() => _lease.Leave();

    /// <summary>Has read what the window and the limits allow: requests for bytes that lie side by side at once.</summary>
    public void Pump()
    {
        while (_window < environment.Options.UploadWindowBytes && _queue.TryPeek(out var first))
        {
            if (!_lease.TryTake(first.Length))
            {
                _lease.Need((long)Math.Min(_queue.Count, MostBlocksAskedFor) * FileLayout.BlockLength);
                return;
            }
            var range = Take(first);
            while (_queue.TryPeek(out var next) && Follows(range, next) && _lease.TryTake(next.Length))
                range = range with { Length = range.Length + Take(next).Length };
            _window += range.Length;
            _runs.Add(new UploadRun(range, [.. _run]));
            _run.Clear();
            environment.Storage.Tell(new StorageProtocol.ReadBlock(range, self), self);
        }
        if (_queue.Count == 0)
            _lease.GiveBack();
    }

    private BlockRequest Take(BlockRequest block)
    {
        _queue.TryTake(out _);
        _reading.Add(block);
        _run.Add(block);
        return block;
    }

    private bool Follows(BlockRequest range, BlockRequest next) =>
        next.Piece == range.Piece && next.Offset == range.Offset + range.Length
        && range.Length + next.Length <= environment.Options.UploadReadBytes
        && _window + range.Length < environment.Options.UploadWindowBytes;

    /// <summary>
    /// The requests of a run that is over, without those that were taken back meanwhile, and how many bytes these are; false when the run
    /// is none of this session's.
    /// </summary>
    private bool TryEndRun(BlockRequest range, out IReadOnlyList<BlockRequest> still, out int lost)
    {
        lost = 0;
        still = [];
        var index = _runs.FindIndex(run => run.Range == range);
        if (index < 0)
            return false;
        var blocks = _runs[index].Blocks;
        _runs.RemoveAt(index);
        List<BlockRequest>? left = null;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (_reading.Remove(blocks[i]))
            {
                left?.Add(blocks[i]);
                continue;
            }
            lost += blocks[i].Length;
            left ??= [.. blocks.Take(i)];
        }
        still = left ?? blocks;
        return true;
    }

    private void Release(int bytes)
    {
        _window -= bytes;
        _lease.Untake(bytes);
    }
}
