using System.Diagnostics;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class FileLayoutTests
{
    [Fact]
    public void A_range_falls_on_files_in_order_and_empty_ones_are_skipped()
    {
        var layout = Make(4, 0, 3, 0, 0, 5, 4, 0);
        Assert.Equal([new FileSpan(1, 1, 2), new FileSpan(4, 0, 5), new FileSpan(5, 0, 1)], layout.Map(1, 8).ToArray());
        Assert.Empty(layout.Map(3, 0));
        Assert.Empty(layout.Map(layout.TotalLength, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Map(8, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Map(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Map(-1, 1));
    }

    [Fact]
    public void Pieces_of_a_file()
    {
        var layout = Make(4, 0, 3, 5, 4);
        Assert.Null(layout.PiecesOf(0));
        Assert.Equal((new PieceIndex(0), new PieceIndex(0)), layout.PiecesOf(1));
        Assert.Equal((new PieceIndex(0), new PieceIndex(1)), layout.PiecesOf(2));
        Assert.Equal((new PieceIndex(2), new PieceIndex(2)), layout.PiecesOf(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.PiecesOf(4));
    }

    [Fact]
    public void Pieces_and_blocks_have_short_ends()
    {
        var layout = Make(40_000, 100_000);
        Assert.Equal(3, layout.PieceCount);
        Assert.Equal(20_000, layout.PieceSize(new PieceIndex(2)));
        Assert.Equal(80_000, layout.PieceOffset(new PieceIndex(2)));
        Assert.Equal([3, 3, 2], Enumerable.Range(0, 3).Select(piece => layout.BlockCount(new PieceIndex(piece))));
        Assert.Equal([16384, 16384, 7232], Enumerable.Range(0, 3).Select(block => layout.BlockSize(new PieceIndex(0), block)));
        Assert.Equal([16384, 3616], Enumerable.Range(0, 2).Select(block => layout.BlockSize(new PieceIndex(2), block)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.BlockSize(new PieceIndex(2), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.BlockSize(new PieceIndex(2), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.PieceSize(new PieceIndex(3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.PieceOffset(new PieceIndex(-1)));
    }

    [Fact]
    public void Files_must_stand_end_to_end()
    {
        Assert.Throws<ArgumentException>(() => new FileLayout([], 4));
        Assert.Throws<ArgumentException>(() => new FileLayout([new TorrentFileEntry(0, ["a"], 3, 1)], 4));
        Assert.Throws<ArgumentException>(() => new FileLayout([new TorrentFileEntry(1, ["a"], 3, 0)], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileLayout([new TorrentFileEntry(0, ["a"], 3, 0)], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileLayout([new TorrentFileEntry(0, ["a"], long.MaxValue, 0)], 1));
    }

    [Fact]
    public void Every_byte_falls_where_laying_it_out_by_hand_puts_it()
    {
        var cases =
            from lengths in Gen.Choose(0, 9).NonEmptyListOf()
            from pieceLength in Gen.Choose(1, 12)
            from a in Gen.Choose(0, 1000)
            from b in Gen.Choose(0, 1000)
            where lengths.Sum() > 0
            select (Lengths: lengths.ToArray(), pieceLength, a, b);
        Properties.Hold(cases, test =>
        {
            var layout = Make(test.pieceLength, test.Lengths);
            var bytes = test.Lengths.SelectMany((length, file) => Enumerable.Range(0, length).Select(offset => (file, (long)offset))).ToArray();
            Assert.Equal(bytes.Length, layout.TotalLength);
            var start = test.a % (bytes.Length + 1);
            var length = test.b % (bytes.Length - start + 1);
            var spans = layout.Map(start, length).ToArray();
            Assert.All(spans, span => Assert.True(span.Length > 0));
            Assert.Equal(
                bytes[start..(start + length)],
                spans.SelectMany(span => Enumerable.Range(0, span.Length).Select(i => (span.FileIndex, span.FileOffset + i))));
            Assert.Equal(
                layout.TotalLength,
                Enumerable.Range(0, layout.PieceCount).Sum(piece => (long)layout.PieceSize(new PieceIndex(piece))));
            for (var file = 0; file < test.Lengths.Length; file++)
            {
                var pieces = bytes.Select((at, i) => (at.file, Piece: i / test.pieceLength)).Where(at => at.file == file).Select(at => at.Piece).ToArray();
                Assert.Equal(pieces.Length == 0 ? null : (new PieceIndex(pieces[0]), new PieceIndex(pieces[^1])), layout.PiecesOf(file));
            }
        });
    }

    [Fact]
    public void A_hundred_thousand_files_are_looked_up_quickly_and_without_allocation()
    {
        var layout = Make(1 << 20, [.. Enumerable.Repeat(40_000, 100_000)]);
        var spans = 0;
        var least = TimeSpan.MaxValue;
        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            spans = 0;
            var start = Stopwatch.GetTimestamp();
            for (var piece = 0; piece < layout.PieceCount; piece++)
            {
                foreach (var span in layout.Map(layout.PieceOffset(new PieceIndex(piece)), layout.PieceSize(new PieceIndex(piece))))
                    spans += span.Length > 0 ? 1 : 0;
            }
            var time = Stopwatch.GetElapsedTime(start);
            least = time < least ? time : least;
        }));
        Assert.InRange(least, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(spans, 100_000, 110_000);
    }

    private static FileLayout Make(int pieceLength, params int[] lengths)
    {
        var offset = 0L;
        return new FileLayout(
            lengths.Select((length, i) =>
            {
                var entry = new TorrentFileEntry(i, ["x", $"{i}"], length, offset);
                offset += length;
                return entry;
            }),
            pieceLength);
    }
}
