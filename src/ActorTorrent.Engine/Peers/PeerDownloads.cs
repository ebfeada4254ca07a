using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>The blocks we asked one peer for, and how fast they come. Made when the first is asked for: most connections are idle.</summary>
internal sealed class PeerDownloads
{
    private readonly PeerOptions _options;
    private readonly HashSet<BlockRequest> _outstanding = [];
    private readonly RequestPipeline _pipeline;
    private readonly RateMeter _rate = new();
    private HashSet<BlockRequest>? _late;
    private TimeSpan _lastBlockAt;

    /// <param name="options">Limits and deadlines.</param>
    /// <param name="peerQueue">How many requests the peer says it queues; 0 when it does not say.</param>
    public PeerDownloads(PeerOptions options, int peerQueue)
    {
        _options = options;
        _pipeline = new RequestPipeline(options);
        if (peerQueue > 0)
            _pipeline.LimitTo(peerQueue);
    }

    /// <summary>How many blocks it owes.</summary>
    public int Outstanding => _outstanding.Count;

    /// <summary>Whether it owed blocks for too long and has sent none since.</summary>
    public bool IsSnubbing { get; private set; }

    /// <summary>Bytes a second that come.</summary>
    public double Rate(TimeSpan now) => _rate.Rate(now);

    /// <summary>Limits the queue to what the peer says it takes.</summary>
    public void LimitTo(int peerQueue) => _pipeline.LimitTo(peerQueue);

    /// <summary>Books what is asked for.</summary>
    public void Add(List<BlockRequest> blocks, TimeSpan now)
    {
        if (_outstanding.Count == 0)
            _lastBlockAt = now;
        foreach (var block in blocks)
            _outstanding.Add(block);
    }

    /// <summary>Books a block; false when it was never asked for. One that is late passes: storage knows whether it helps.</summary>
    public bool Arrived(BlockRequest block, TimeSpan now)
    {
        if (!_outstanding.Remove(block) && !RejectedLate(block))
            return false;
        _lastBlockAt = now;
        _rate.Add(block.Length, now);
        _pipeline.Received(1, now);
        IsSnubbing = false;
        return true;
    }

    /// <summary>Books a reject; false when nothing of the kind is owed.</summary>
    public bool Rejected(BlockRequest block) => _outstanding.Remove(block);

    /// <summary>Books the reject of a block that was given up; false when there is none.</summary>
    public bool RejectedLate(BlockRequest block) => _late is not null && _late.Remove(block);

    /// <summary>The block is no longer owed, but may still be on its way; only so many are remembered.</summary>
    public bool GiveUp(BlockRequest block)
    {
        if (!_outstanding.Remove(block))
            return false;
        RememberLate(block);
        return true;
    }

    /// <summary>The peer choked us: what it owed will not come.</summary>
    public void Choked()
    {
        GiveUpAll();
        _pipeline.Reset();
    }

    /// <summary>How many blocks there is room for: none until it is enough for a batch.</summary>
    public int Room(TimeSpan now) => IsSnubbing ? 1 - _outstanding.Count : _pipeline.Room(_outstanding.Count, Rate(now));

    /// <summary>Blocks owed for longer than the snub timeout while none came; they count as given up from here on.</summary>
    public IReadOnlyList<BlockRequest>? TakeOverdue(TimeSpan now)
    {
        if (_outstanding.Count == 0 || now - _lastBlockAt <= _options.SnubTimeout)
            return null;
        var overdue = _outstanding.ToArray();
        GiveUpAll();
        _lastBlockAt = now;
        return overdue;
    }

    /// <summary>Marks the peer as snubbing; false when it was already.</summary>
    public bool BecomeSnubbed()
    {
        if (IsSnubbing)
            return false;
        IsSnubbing = true;
        _pipeline.Reset();
        return true;
    }

    private void GiveUpAll()
    {
        foreach (var block in _outstanding)
            RememberLate(block);
        _outstanding.Clear();
    }

    private void RememberLate(BlockRequest block)
    {
        _late ??= [];
        if (_late.Count < _options.MaxPipeline)
            _late.Add(block);
    }
}
