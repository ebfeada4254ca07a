using ActorTorrent.Wire.Bencode;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class TorrentBuilderTests
{
    [Fact]
    public void What_is_built_is_canonical_and_reads_back()
    {
        var builder = new TorrentBuilder
        {
            Name = "näme",
            PieceLength = 16384,
            PieceHashes = new byte[40],
            IsPrivate = true,
            Comment = "rémark",
            CreatedBy = "test",
            CreationDate = DateTimeOffset.FromUnixTimeSeconds(1234567890),
            Source = "here",
        }
            .AddFile(["a", "b"], 16384)
            .AddFile(["pad"], 1, isPadding: true)
            .AddFile(["a", "c"], 0)
            .AddTier(new Uri("http://one/announce"), new Uri("udp://two:99/"))
            .AddTier(new Uri("https://three/"))
            .AddWebSeed(new Uri("http://seed/"));
        var bytes = builder.Build();
        BencodeScanner.Check(bytes, requireSortedKeys: true);
        var torrent = TorrentFileParser.Parse(bytes);
        Assert.Equal("näme", torrent.Name);
        Assert.Equal(["näme/a/b", "näme/pad", "näme/a/c"], torrent.Layout.Files.Select(file => file.Path), StringComparer.Ordinal);
        Assert.True(torrent.Layout.Files[1].IsPadding);
        Assert.True(torrent.IsPrivate);
        Assert.Equal("rémark", torrent.Comment);
        Assert.Equal("test", torrent.CreatedBy);
        Assert.Equal("here", torrent.Source);
        Assert.Equal(builder.CreationDate, torrent.CreationDate);
        Assert.Equal([2, 1], torrent.AnnounceTiers.Select(tier => tier.Count));
        Assert.Equal([new Uri("http://seed/")], torrent.WebSeeds);
    }

    [Fact]
    public void A_single_file_has_no_path()
    {
        var bytes = new TorrentBuilder { Name = "x.bin", PieceHashes = new byte[20] }.AddFile([], 100).AddTier(new Uri("http://t/")).Build();
        var torrent = TorrentFileParser.Parse(bytes);
        Assert.Equal("x.bin", torrent.Layout.Files.Single().Path);
        Assert.False(bytes.AsSpan().IndexOf("announce-list"u8) >= 0);
    }

    [Theory]
    [InlineData(false, false, null)]
    [InlineData(false, true, 0)]
    [InlineData(true, false, 1)]
    [InlineData(true, true, 1)]
    public void Private_is_stated_when_it_is_set_or_asked_for(bool isPrivate, bool states, int? written)
    {
        var builder = new TorrentBuilder { Name = "x", PieceHashes = new byte[20], IsPrivate = isPrivate, StatesNotPrivate = states };
        var torrent = TorrentFileParser.Parse(builder.AddFile([], 1).Build());
        var info = System.Text.Encoding.Latin1.GetString(torrent.InfoBytes.Span);
        Assert.Equal(isPrivate, torrent.IsPrivate);
        Assert.Equal(written is not null, info.Contains($"7:privatei{written}e", StringComparison.Ordinal));
        Assert.Equal(written is not null, info.Contains("private", StringComparison.Ordinal));
    }

    [Fact]
    public void What_would_be_no_torrent_is_not_built()
    {
        Assert.Throws<InvalidOperationException>(() => new TorrentBuilder { Name = "x" }.Build());
        Assert.Throws<InvalidOperationException>(
            () => new TorrentBuilder { Name = "x", PieceHashes = new byte[20] }.AddFile([], 1).AddFile(["b"], 1).Build());
        Assert.Equal("info.pieces", Assert.Throws<TorrentFormatException>(() => new TorrentBuilder { Name = "x" }.AddFile([], 1).Build()).Field);
        Assert.Equal(
            "info.files[0].path[0]",
            Assert.Throws<TorrentFormatException>(
                () => new TorrentBuilder { Name = "x", PieceHashes = new byte[20] }.AddFile([".."], 1).Build()).Field);
    }

    [Fact]
    public void Any_set_of_files_round_trips()
    {
        var cases =
            from lengths in Gen.Choose(0, 50_000).NonEmptyListOf()
            from pieceLength in Gen.Choose(1000, 40_000)
            where lengths.Sum() > 0
            select (Lengths: lengths, pieceLength);
        Properties.Hold(cases, test =>
        {
            var count = (int)(((long)test.Lengths.Sum() + test.pieceLength - 1) / test.pieceLength);
            var hashes = new byte[count * 20];
            new Random(count).NextBytes(hashes);
            var builder = new TorrentBuilder { Name = "n", PieceLength = test.pieceLength, PieceHashes = hashes };
            for (var i = 0; i < test.Lengths.Count; i++)
                builder.AddFile([$"d{i % 3}", $"{i}"], test.Lengths[i]);
            var torrent = TorrentFileParser.Parse(builder.Build());
            Assert.Equal(test.Lengths.Select(length => (long)length), torrent.Layout.Files.Select(file => file.Length));
            Assert.Equal(hashes, torrent.PieceHashes.Bytes.ToArray());
            Assert.Equal(count, torrent.Layout.PieceCount);
        });
    }
}
