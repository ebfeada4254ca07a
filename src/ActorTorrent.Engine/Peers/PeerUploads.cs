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

    private readonly LinkedList<BlockRequest> _queue = [];
    private readonly Dictionary<BlockRequest, LinkedListNode<BlockRequest>> _queued = [];
    private readonly HashSet<BlockRequest> _reading = [];
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
    /// Queues a request; false (and refused) while choking, unless the piece is an allowed fast one; beyond the queue's length; or when
    /// asked twice.
    /// </summary>
    public bool Enqueue(BlockRequest block)
    {
        if ((IsChoking && !_allowedFast.Contains(block.Piece)) || _queued.Count >= environment.Options.MaxQueuedRequests || _queued.ContainsKey(block) || _reading.Contains(block))
        {
            Refuse(block);
            return false;
        }
        _queued[block] = _queue.AddLast(block);
        Pump();
        return true;
    }

    /// <summary>Forgets a request; one that is unknown or read already is no matter.</summary>
    public void Cancel(BlockRequest block)
    {
        if (_queued.Remove(block, out var node))
        {
            _queue.Remove(node);
            Refuse(block);
        }
        else if (_reading.Remove(block))
        {
            Refuse(block);
        }
    }

    /// <summary>Sends a block that was read; false when nobody waits for it any more.</summary>
    public bool Send(StorageProtocol.BlockRead read)
    {
        if (!_reading.Remove(read.Block))
        {
            _window -= read.Block.Length;
            _lease.Untake(read.Block.Length);
            Pump();
            return false;
        }
        connection.Tell(new PeerConnectionProtocol.SendBlock(read.Block, read.Buffer));
        return true;
    }

    /// <summary>Says that a block will not be sent.</summary>
    public void Refuse(BlockRequest block)
    {
        if (CanReject)
            connection.Tell(new PeerConnectionProtocol.Send([PeerMessage.Reject(block)]));
    }

    /// <summary>Books a read that failed.</summary>
    public void Unreadable(BlockRequest block)
    {
        _window -= block.Length;
        _lease.Untake(block.Length);
        if (_reading.Remove(block))
            Refuse(block);
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
        for (var node = _queue.First; node is not null;)
        {
            var next = node.Next;
            if (!_allowedFast.Contains(node.Value.Piece))
            {
                Refuse(node.Value);
                _queued.Remove(node.Value);
                _queue.Remove(node);
            }
            node = next;
        }
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

    private void Pump()
    {
        while (_queue.First is { } first && _window < environment.Options.UploadWindowBytes)
        {
            if (!_lease.TryTake(first.Value.Length))
            {
                _lease.Need((long)Math.Min(_queue.Count, MostBlocksAskedFor) * FileLayout.BlockLength);
                return;
            }
            _queue.RemoveFirst();
            _queued.Remove(first.Value);
            _reading.Add(first.Value);
            _window += first.Value.Length;
            environment.Storage.Tell(new StorageProtocol.ReadBlock(first.Value, self), self);
        }
        if (_queue.Count == 0)
            _lease.GiveBack();
    }
}
