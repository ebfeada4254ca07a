using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>Reads a block, or several that lie side by side, for a peer.</summary>
/// <remarks>
/// The system's page cache is the bounded cache of hot pieces, and its read-ahead the only one: cold runs of 64 KiB read by 32 peers in 32
/// pieces at once come at 900 MiB/s where one stream gets 940, naming each piece beforehand (WILLNEED) slows that to 730, and what is warm
/// costs 10 µs a run. A cache of our own would save that copy and hold the same bytes twice.
/// A call a request, so that each lies in the buffer behind room for its head and all leave in one plain send, costs no more than one
/// call for the run and a gathered send; the kernel's own way from file to socket cost more (the benchmarks' README has the figures).
/// </remarks>
internal sealed class ReadJob(
    IActorRef owner, CancellationToken cancelled, TorrentFiles files, long offset, StorageProtocol.ReadBlock read)
    : DiskJob(owner, isRead: true, cancelled)
{
    public BlockRequest Block => read.Block;

    public IActorRef ReplyTo => read.ReplyTo;

    public IReadOnlyList<BlockRequest>? Parts => read.Parts;

    /// <summary>The bytes, unless the job failed. Whoever handles its end hands them on or disposes them.</summary>
    public ReadBuffer? Buffer { get; private set; }

    protected override string Subject => $"block {read.Block}";

    protected override void Work()
    {
        if (Parts is not { } parts)
        {
            Buffer = new ReadBuffer(Block.Length, files.ReadLoans);
            files.Read(offset, Buffer.Memory.Span);
            return;
        }
        Buffer = new ReadBuffer(Block.Length + (parts.Count * PeerMessageWriter.BlockHeaderLength), files.ReadLoans);
        var into = Buffer.Memory.Span;
        for (var i = 0; i < parts.Count; i++)
        {
            into = into[PeerMessageWriter.BlockHeaderLength..];
            files.Read(offset + parts[i].Offset - Block.Offset, into[..parts[i].Length]);
            into = into[parts[i].Length..];
        }
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
