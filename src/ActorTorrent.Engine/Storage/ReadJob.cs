using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Reads a block for a peer.</summary>
/// <remarks>
/// The system's page cache is the bounded cache of hot pieces, and its read-ahead the only one: cold runs of 64 KiB read by 32 peers in 32
/// pieces at once come at 900 MiB/s where one stream gets 940, naming each piece beforehand (WILLNEED) slows that to 730, and what is warm
/// costs 10 µs a run. A cache of our own would save that copy and hold the same bytes twice.
/// </remarks>
internal sealed class ReadJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, long offset, BlockRequest block, IActorRef replyTo)
    : DiskJob(owner, isRead: true, cancelled)
{
    public BlockRequest Block => block;

    public IActorRef ReplyTo => replyTo;

    /// <summary>The bytes, unless the job failed. Whoever handles its end hands them on or disposes them.</summary>
    public ReadBuffer? Buffer { get; private set; }

    protected override string Subject => $"block {block}";

    protected override void Work()
    {
        Buffer = new ReadBuffer(block.Length);
        files.Read(offset, Buffer.Memory.Span);
    }

    /// <summary>Lets the bytes go: they are not to be handed on.</summary>
    public void Discard()
    {
        Buffer?.Dispose();
        Buffer = null;
    }

    protected override void Release()
    {
        if (Fault is not null || IsCancelled)
            Discard();
    }
}
