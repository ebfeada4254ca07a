using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Blocks to request of one peer. The same object travels coordinator (which picks them) → peer (which books them) → connection (which
/// writes the requests and calls <see cref="Recycle"/>), with the messages that carry it. One that is lost on its way is not missed.
/// </summary>
public sealed class RequestBatch
{
    private readonly RequestBatchPool _pool;

    internal RequestBatch(RequestBatchPool pool)
    {
        _pool = pool;
        ToPeer = new PeerProtocol.Request(this);
        ToConnection = new PeerConnectionProtocol.SendRequests(this);
    }

    /// <summary>The session that is to request them.</summary>
    public int Session { get; internal set; }

    /// <summary>The blocks, in order.</summary>
    public IReadOnlyList<BlockRequest> Blocks => List;

    /// <summary>The same, for who fills it.</summary>
    internal List<BlockRequest> List { get; } = [];

    /// <summary>The message that brings it to the peer.</summary>
    internal PeerProtocol.Request ToPeer { get; }

    /// <summary>The message that brings it to the connection.</summary>
    internal PeerConnectionProtocol.SendRequests ToConnection { get; }

    /// <summary>The end of its way: nobody looks at it any more, and it may be used for other blocks.</summary>
    internal void Recycle() => _pool.Return(this);
}
