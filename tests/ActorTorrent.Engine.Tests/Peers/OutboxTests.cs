using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Peers;

/// <summary>How messages and blocks lie in what is sent.</summary>
public sealed class OutboxTests
{
    private static readonly PeerMessageLimits Limits = new(PieceCount: 16);

    private readonly Pool<UploadRun> _runs = new(static () => throw new InvalidOperationException(), 4);

    [Fact]
    public void Blocks_with_their_heads_are_one_segment()
    {
        using var outbox = new Outbox();
        var run = Run(100, 28, 16384);
        outbox.Add(run, Buffer(run));
        Assert.False(outbox.IsEmpty);
        Assert.Equal(0, outbox.ControlBytes);
        Assert.Equal(100 + 28 + 16384, outbox.PayloadBytes);
        Assert.Single(outbox.ListSegments());
        Assert.Equal(run.Blocks, Blocks(outbox));
    }

    [Fact]
    public void What_was_taken_back_is_left_out()
    {
        for (var kept = 1; kept < 1 << 5; kept++)
        {
            using var outbox = new Outbox();
            var run = Run(10, 20, 30, 40, 50);
            run.Blocks.RemoveAll(block => (kept >> run.Parts.IndexOf(block) & 1) == 0);
            outbox.Add(run, Buffer(run));
            Assert.Equal(run.Blocks.Sum(static block => block.Length), outbox.PayloadBytes);
            Assert.Equal(run.Blocks, Blocks(outbox));
        }
    }

    [Fact]
    public void Messages_keep_their_place_before_between_and_after_blocks()
    {
        using var outbox = new Outbox();
        var (first, second) = (Run(100), Run(200, 300));
        outbox.Add(PeerMessage.Unchoke);
        outbox.Add(first, Buffer(first));
        outbox.Add(PeerMessage.Have(new PieceIndex(3)));
        outbox.Add(PeerMessage.Choke);
        outbox.Add(second, Buffer(second));
        outbox.Add(PeerMessage.KeepAlive);
        Assert.Equal(5, outbox.ListSegments().Count);
        Assert.Equal(
            [
                PeerMessageKind.Unchoke, PeerMessageKind.Piece, PeerMessageKind.Have, PeerMessageKind.Choke,
                PeerMessageKind.Piece, PeerMessageKind.Piece, PeerMessageKind.KeepAlive,
            ],
            Messages(outbox).Select(static message => message.Kind));
        outbox.Clear();
        Assert.True(outbox.IsEmpty);
        Assert.Empty(outbox.ListSegments());
    }

    private static List<PeerMessage> Messages(Outbox outbox)
    {
        ReadOnlyMemory<byte> rest = outbox.ListSegments().SelectMany(static segment => segment).ToArray();
        var messages = new List<PeerMessage>();
        while (!rest.IsEmpty)
        {
            Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(rest, Limits, out var message, out var consumed, out _));
            messages.Add(message);
            rest = rest[consumed..];
        }
        return messages;
    }

    /// <summary>The blocks in it; the bytes of each must be those of its place in the piece.</summary>
    private static List<BlockRequest> Blocks(Outbox outbox)
    {
        var blocks = new List<BlockRequest>();
        foreach (var message in Messages(outbox))
        {
            var block = message.AsBlockRequest;
            blocks.Add(block);
            for (var i = 0; i < block.Length; i++)
                Assert.Equal((byte)(block.Offset + i), message.Payload.Span[i]);
        }
        return blocks;
    }

    private UploadRun Run(params int[] lengths)
    {
        var run = new UploadRun(_runs);
        var offset = 0;
        foreach (var length in lengths)
        {
            run.Parts.Add(new BlockRequest(new PieceIndex(1), offset, length));
            offset += length;
        }
        run.Blocks.AddRange(run.Parts);
        return run;
    }

    private static ReadBuffer Buffer(UploadRun run)
    {
        var buffer = new ReadBuffer(run.Parts.Sum(static part => PeerMessageWriter.BlockHeaderLength + part.Length));
        var into = buffer.Memory.Span;
        foreach (var part in run.Parts)
        {
            into = into[PeerMessageWriter.BlockHeaderLength..];
            for (var i = 0; i < part.Length; i++)
                into[i] = (byte)(part.Offset + i);
            into = into[part.Length..];
        }
        return buffer;
    }
}
