using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Requests for bytes that lie side by side in one piece, read from disk at once. Goes with the bytes to the connection, which calls
/// <see cref="Recycle"/>.
/// </summary>
internal sealed class UploadRun(Pool<UploadRun> pool)
{
    /// <summary>The bytes of all of them.</summary>
    public BlockRequest Range { get; set; }

    /// <summary>The requests in the order of their offsets, side by side. Nobody changes them while storage reads.</summary>
    public List<BlockRequest> Parts { get; } = [];

    /// <summary>Those of them that are to be sent: not taken back meanwhile.</summary>
    public List<BlockRequest> Blocks { get; } = [];

    /// <summary>The end of its way: nobody looks at it any more.</summary>
    public void Recycle()
    {
        Parts.Clear();
        Blocks.Clear();
        pool.Return(this);
    }
}
