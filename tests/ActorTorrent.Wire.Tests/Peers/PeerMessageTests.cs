using System.Buffers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Peers;

public class PeerMessageTests
{
    public static TheoryData<string, PeerMessage> Known { get; } = new()
    {
        { "00000000", PeerMessage.KeepAlive },
        { "0000000100", PeerMessage.Choke },
        { "0000000101", PeerMessage.Unchoke },
        { "0000000102", PeerMessage.Interested },
        { "0000000103", PeerMessage.NotInterested },
        { "0000000504000003ea", PeerMessage.Have(new PieceIndex(1002)) },
        { "0000000d06000000010000400000004000", PeerMessage.Request(new BlockRequest(new PieceIndex(1), 16384, 16384)) },
        { "0000000b070000000100004000abcd", PeerMessage.Block(new PieceIndex(1), 16384, new byte[] { 0xab, 0xcd }) },
        { "0000000d08000000010000400000004000", PeerMessage.Cancel(new BlockRequest(new PieceIndex(1), 16384, 16384)) },
        { "00000003091ae1", PeerMessage.DhtPort(6881) },
        { "000000050d00000007", PeerMessage.Suggest(new PieceIndex(7)) },
        { "000000010e", PeerMessage.HaveAll },
        { "000000010f", PeerMessage.HaveNone },
        { "0000000d10000000010000400000004000", PeerMessage.Reject(new BlockRequest(new PieceIndex(1), 16384, 16384)) },
        { "000000051100000007", PeerMessage.AllowedFast(new PieceIndex(7)) },
        { "0000000414006465", PeerMessage.Extended(0, new byte[] { 0x64, 0x65 }) },
        { "000000020aff", PeerMessage.Unknown(10, new byte[] { 0xff }) },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Stands_in_bytes_as_the_documents_say(string hex, PeerMessage message)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(bytes, Write(message));
        Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(bytes, WireCases.Limits, out var read, out var consumed, out var needed));
        Assert.Equal(message, read);
        Assert.Equal(bytes.Length, consumed);
        Assert.Equal(message.Kind == PeerMessageKind.KeepAlive ? 4 : bytes.Length, needed);
    }

    [Fact]
    public void Every_message_round_trips() => Properties.Hold(
        WireCases.Messages,
        message =>
        {
            var bytes = Write(message);
            Assert.Equal(PeerMessageWriter.GetLength(message), bytes.Length);
            Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(bytes, WireCases.Limits, out var read, out var consumed, out _));
            Assert.Equal(message, read);
            Assert.Equal(message.GetHashCode(), read.GetHashCode());
            Assert.Equal(bytes.Length, consumed);
            var writer = new ArrayBufferWriter<byte>();
            PeerMessageWriter.Write(writer, message);
            Assert.Equal(bytes, writer.WrittenSpan.ToArray());
            Assert.Throws<ArgumentException>(() => PeerMessageWriter.Write(new byte[bytes.Length - 1], message));
        },
        1000);

    [Fact]
    public void Any_sequence_split_at_any_byte_gives_the_same_messages() => Properties.Hold(
        WireCases.Messages.ListOf(),
        messages =>
        {
            var stream = messages.SelectMany(Write).ToArray();
            for (var split = 0; split <= stream.Length; split++)
                Assert.Equal(messages, Feed(stream, [split, stream.Length - split]));
        },
        60);

    [Fact]
    public void Any_sequence_byte_by_byte_gives_the_same_messages() => Properties.Hold(
        WireCases.Messages.ListOf(),
        messages =>
        {
            var stream = messages.SelectMany(Write).ToArray();
            Assert.Equal(messages, Feed(stream, Enumerable.Repeat(1, stream.Length)));
        },
        60);

    [Fact]
    public void Any_sequence_in_random_chunks_gives_the_same_messages() => Properties.Hold(
        from messages in WireCases.Messages.ListOf()
        from chunks in Gen.Choose(0, 50).ArrayOf(2000)
        select (messages, chunks),
        test =>
        {
            var stream = test.messages.SelectMany(Write).ToArray();
            Assert.Equal(test.messages, Feed(stream, [.. test.chunks, stream.Length]));
        });

    [Fact]
    public void What_is_needed_is_known_as_soon_as_the_length_is()
    {
        var bytes = Write(PeerMessage.Block(new PieceIndex(0), 0, new byte[16384]));
        for (var length = 0; length < bytes.Length; length++)
        {
            var status = PeerMessageReader.TryRead(bytes.AsMemory(0, length), WireCases.Limits, out _, out var consumed, out var needed);
            Assert.Equal(PeerReadStatus.NeedMore, status);
            Assert.Equal(0, consumed);
            Assert.Equal(length < 4 ? 4 : bytes.Length, needed);
        }
    }

    public static TheoryData<string, PeerWireError> Illegal { get; } = new()
    {
        // Each ends with the byte that proves it.
        { "00100001", PeerWireError.OversizedMessage },
        { "ffffffff", PeerWireError.OversizedMessage },
        { "80000000", PeerWireError.OversizedMessage },
        { "7fffffff", PeerWireError.OversizedMessage },
        { "0000000200", PeerWireError.MalformedMessage },
        { "0000000201", PeerWireError.MalformedMessage },
        { "0000000202", PeerWireError.MalformedMessage },
        { "0000000203", PeerWireError.MalformedMessage },
        { "0000000404", PeerWireError.MalformedMessage },
        { "0000000604", PeerWireError.MalformedMessage },
        { "0000000c06", PeerWireError.MalformedMessage },
        { "0000000e06", PeerWireError.MalformedMessage },
        { "0000000807", PeerWireError.MalformedMessage },
        { "0000000107", PeerWireError.MalformedMessage },
        { "0000400a07", PeerWireError.MalformedMessage },
        { "0000000c08", PeerWireError.MalformedMessage },
        { "0000000209", PeerWireError.MalformedMessage },
        { "000000040d", PeerWireError.MalformedMessage },
        { "000000020e", PeerWireError.MalformedMessage },
        { "000000020f", PeerWireError.MalformedMessage },
        { "0000000c10", PeerWireError.MalformedMessage },
        { "0000000611", PeerWireError.MalformedMessage },
        { "0000000114", PeerWireError.MalformedMessage },
        { "0000007e05", PeerWireError.BadBitfield },
        { "0000008005", PeerWireError.BadBitfield },
        { "0000000105", PeerWireError.BadBitfield },
        { "0000000504000003eb", PeerWireError.IndexOutOfRange },
        { "0000000504ffffffff", PeerWireError.IndexOutOfRange },
        { "000000050d000003eb", PeerWireError.IndexOutOfRange },
        { "0000000511000003eb", PeerWireError.IndexOutOfRange },
        { "0000000d10000003eb0000000000004000", PeerWireError.IndexOutOfRange },
        { "0000400907000003eb00000000", PeerWireError.IndexOutOfRange },
        { "000040090700000000ffffffff", PeerWireError.IndexOutOfRange },
    };

    [Theory]
    [MemberData(nameof(Illegal))]
    public void Illegal_bytes_are_refused_when_they_are_proven_and_not_before(string hex, PeerWireError error)
    {
        var bytes = Convert.FromHexString(hex);
        for (var length = 0; length < bytes.Length; length++)
        {
            if (length is not 4 || bytes.Length == 5)
                Assert.Equal(PeerReadStatus.NeedMore, PeerMessageReader.TryRead(bytes.AsMemory(0, length), WireCases.Limits, out _, out _, out _));
        }
        Assert.Equal(error, Assert.Throws<PeerWireException>(() => PeerMessageReader.TryRead(bytes, WireCases.Limits, out _, out _, out _)).Error);
    }

    [Theory]
    [InlineData("0000000d06000003eb0000000000004000")]
    [InlineData("0000000d06000000008000000000004000")]
    [InlineData("0000000d06ffffffffffffffff80000000")]
    [InlineData("0000000d08800000000000000000004000")]
    public void Requests_outside_the_torrent_are_read_as_they_are_so_that_they_can_be_rejected(string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(bytes, WireCases.Limits, out var message, out _, out _));

        var again = new byte[bytes.Length];
        PeerMessageWriter.Write(again, message);
        Assert.Equal(bytes, again);
    }

    [Fact]
    public void A_bitfield_with_spare_bits_is_refused()
    {
        byte[] bytes = [0, 0, 0, 127, 5, .. new byte[126]];
        bytes[^1] = 0b0010_0000;
        PeerMessageReader.TryRead(bytes, WireCases.Limits, out _, out _, out _);
        bytes[^1] = 0b0001_0000;
        Assert.Equal(
            PeerWireError.BadBitfield,
            Assert.Throws<PeerWireException>(() => PeerMessageReader.TryRead(bytes, WireCases.Limits, out _, out _, out _)).Error);
    }

    [Fact]
    public void Before_the_metadata_is_known_any_index_and_bitfield_passes_within_the_limits()
    {
        var limits = new PeerMessageLimits(-1);
        var have = Write(PeerMessage.Have(new PieceIndex(int.MaxValue)));
        Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(have, limits, out var message, out _, out _));
        Assert.Equal(int.MaxValue, message.Piece.Value);
        Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(new byte[] { 0, 0, 0, 2, 5, 0xFF }, limits, out message, out _, out _));
        Assert.Equal(1, message.Payload.Length);
        have[5] = 0x80;
        Assert.Throws<PeerWireException>(() => PeerMessageReader.TryRead(have, limits, out _, out _, out _));
    }

    [Fact]
    public void A_bitfield_may_be_longer_than_other_messages_when_there_are_so_many_pieces()
    {
        var limits = new PeerMessageLimits(8 * 2000, MaxMessageLength: 1000, MaxBlockLength: 500);
        var bitfield = Write(PeerMessage.Bitfield(new byte[2000]));
        Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(bitfield, limits, out _, out _, out _));
        var extended = Write(PeerMessage.Extended(1, new byte[1500]));
        Assert.Equal(
            PeerWireError.OversizedMessage,
            Assert.Throws<PeerWireException>(() => PeerMessageReader.TryRead(extended, limits, out _, out _, out _)).Error);
    }

    [Fact]
    public void A_torrent_without_pieces_has_an_empty_bitfield()
    {
        var limits = new PeerMessageLimits(0);
        Assert.Equal(PeerReadStatus.Read, PeerMessageReader.TryRead(new byte[] { 0, 0, 0, 1, 5 }, limits, out _, out _, out _));
        Assert.Throws<PeerWireException>(() => PeerMessageReader.TryRead(new byte[] { 0, 0, 0, 5, 4, 0, 0, 0, 0 }, limits, out _, out _, out _));
    }

    [Fact]
    public void Random_bytes_give_only_the_declared_exception() => Properties.Hold(
        from head in Gen.Elements(new byte[] { 0, 0, 0 }, new byte[] { 0, 0, 1 }, Array.Empty<byte>())
        from bytes in Properties.Bytes(0, 60)
        from count in Gen.Elements(-1, 0, 5, 100_000)
        select (bytes: (byte[])[.. head, .. bytes], count),
        test =>
        {
            var buffer = test.bytes.AsMemory();
            try
            {
                while (PeerMessageReader.TryRead(buffer, new PeerMessageLimits(test.count), out _, out var consumed, out var needed) == PeerReadStatus.Read)
                {
                    Assert.InRange(consumed, 4, buffer.Length);
                    Assert.InRange(needed, 4, consumed);
                    buffer = buffer[consumed..];
                }
            }
            catch (PeerWireException problem)
            {
                Assert.NotEmpty(problem.Message);
            }
        },
        5000);

    [Fact]
    public void Payloads_are_slices_and_nothing_is_allocated()
    {
        var message = PeerMessage.Block(new PieceIndex(3), 16384, new byte[16384]);
        var bytes = new byte[PeerMessageWriter.GetLength(message)];
        PeerMessageWriter.Write(bytes, message);
        var sum = 0L;
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                PeerMessageReader.TryRead(bytes, WireCases.Limits, out var read, out var consumed, out _);
                sum += read.Payload.Length + consumed + PeerMessageWriter.Write(bytes, PeerMessage.Block(read.Piece, read.Offset, message.Payload));
            }
        }));
        Assert.True(sum > 0);
        PeerMessageReader.TryRead(bytes, WireCases.Limits, out var last, out _, out _);
        Assert.True(last.Payload.Span.Overlaps(bytes));
    }

    [Fact]
    public void The_head_of_a_block_is_what_the_whole_message_starts_with()
    {
        var whole = Write(PeerMessage.Block(new PieceIndex(5), 32768, new byte[100]));
        var head = new byte[PeerMessageWriter.BlockHeaderLength];
        Assert.Equal(13, PeerMessageWriter.WriteBlockHeader(head, new BlockRequest(new PieceIndex(5), 32768, 100)));
        Assert.Equal(whole[..13], head);
        Assert.Throws<ArgumentException>(() => PeerMessageWriter.WriteBlockHeader(new byte[12], default));
    }

    [Fact]
    public void Messages_are_small_values_that_say_what_they_are()
    {
        Assert.InRange(System.Runtime.CompilerServices.Unsafe.SizeOf<PeerMessage>(), 1, 40);
        Assert.Equal("Request 1@16384+16384", PeerMessage.Request(new BlockRequest(new PieceIndex(1), 16384, 16384)).ToString());
        Assert.Equal("Have 3", PeerMessage.Have(new PieceIndex(3)).ToString());
        Assert.Equal("Choke", PeerMessage.Choke.ToString());
        Assert.Equal(2, new BlockRequest(new PieceIndex(1), 32768, 16384).Block);
        Assert.Throws<ArgumentException>(() => PeerMessage.Unknown(7, default));
    }

    private static byte[] Write(PeerMessage message)
    {
        var bytes = new byte[PeerMessageWriter.GetLength(message)];
        Assert.Equal(bytes.Length, PeerMessageWriter.Write(bytes, message));
        return bytes;
    }

    private static List<PeerMessage> Feed(byte[] stream, IEnumerable<int> chunks)
    {
        var result = new List<PeerMessage>();
        var (start, end) = (0, 0);
        foreach (var chunk in chunks)
        {
            end = Math.Min(stream.Length, end + chunk);
            int needed;
            while (PeerMessageReader.TryRead(stream.AsMemory(start..end), WireCases.Limits, out var message, out var consumed, out needed)
                == PeerReadStatus.Read)
            {
                result.Add(message);
                start += consumed;
            }
            Assert.True(needed > end - start);
        }
        Assert.Equal(stream.Length, start);
        return result;
    }
}
