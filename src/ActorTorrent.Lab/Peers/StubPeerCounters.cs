namespace ActorTorrent.Lab.Peers;

/// <summary>The running counts of a stub peer; its connections add to them at once.</summary>
internal sealed class StubPeerCounters
{
    private long _connections;
    private long _handshakes;
    private long _requests;
    private long _cancels;
    private long _blocks;
    private long _bytes;
    private long _corruptBlocks;
    private long _protocolErrors;
    private long _resets;
    private long _received;
    private long _live;

    public void AddConnection() => Interlocked.Increment(ref _connections);

    public void AddHandshake() => Interlocked.Increment(ref _handshakes);

    public void AddRequest() => Interlocked.Increment(ref _requests);

    public void AddCancel() => Interlocked.Increment(ref _cancels);

    /// <summary>Counts a block and returns its number, from 1.</summary>
    public long AddBlock(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        return Interlocked.Increment(ref _blocks);
    }

    public void AddCorruptBlock() => Interlocked.Increment(ref _corruptBlocks);

    public void AddProtocolError() => Interlocked.Increment(ref _protocolErrors);

    public void AddReset() => Interlocked.Increment(ref _resets);

    public void AddReceived(int bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>A connection is past its handshakes, or not any more.</summary>
    public void AddLive(int change) => Interlocked.Add(ref _live, change);

    public StubPeerCounts Read(bool faultStruck) => new()
    {
        Connections = Interlocked.Read(ref _connections),
        Handshakes = Interlocked.Read(ref _handshakes),
        Requests = Interlocked.Read(ref _requests),
        Cancels = Interlocked.Read(ref _cancels),
        Blocks = Interlocked.Read(ref _blocks),
        Bytes = Interlocked.Read(ref _bytes),
        CorruptBlocks = Interlocked.Read(ref _corruptBlocks),
        ProtocolErrors = Interlocked.Read(ref _protocolErrors),
        Resets = Interlocked.Read(ref _resets),
        Received = Interlocked.Read(ref _received),
        Live = Interlocked.Read(ref _live),
        FaultStruck = faultStruck,
    };
}
