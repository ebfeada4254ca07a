using System.Security.Cryptography;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Tests.Support;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class TorrentFileParserTests
{
    private const string Hash = "<aaaaaaaaaaaaaaaaaaaa>";
    private const string Good = $"d<info>d<length>i5e<name><n><piece length>i16384e<pieces>{Hash}ee";

    [Fact]
    public void Reads_a_single_file()
    {
        var torrent = Parse(Good);
        Assert.Equal("n", torrent.Name);
        Assert.Equal(["n"], Assert.Single(torrent.Layout.Files).Segments);
        Assert.Equal(5, torrent.Layout.TotalLength);
        Assert.Equal(16384, torrent.Layout.PieceLength);
        Assert.Equal(1, torrent.PieceHashes.Count);
        Assert.True(torrent.PieceHashes.Matches(new PieceIndex(0), "aaaaaaaaaaaaaaaaaaaa"u8));
        Assert.False(torrent.PieceHashes.Matches(new PieceIndex(0), "aaaaaaaaaaaaaaaaaaab"u8));
        Assert.False(torrent.IsPrivate);
        Assert.False(torrent.IsHybrid);
        Assert.Empty(torrent.AnnounceTiers);
        Assert.Null(torrent.Comment);
        Assert.Null(torrent.CreationDate);
    }

    [Fact]
    public void The_info_hash_is_taken_over_the_raw_bytes_even_when_keys_are_out_of_order()
    {
        const string Info = $"d<zzz>i1e<pieces>{Hash}<name><n><piece length>i16384e<length>i5ee";
        var torrent = Parse($"d<zz><x><info>{Info}<aa>d<info>i1eee");
        var raw = Bencoded.Of(Info);
        Assert.Equal(raw, torrent.InfoBytes.ToArray());
        Assert.Equal(new InfoHash(SHA1.HashData(raw)), torrent.InfoHash);
    }

    [Fact]
    public void Reads_several_files_with_padding()
    {
        var torrent = Parse(
            $"d<info>d<files>ld<length>i5e<path>l<a><b.txt>eed<attr><p><length>i3e<path>l<.pad><3>eed<length>i0e<path>l<c>eed<attr><xp><length>i2e<path>l<.pad><3>eee<name><top><piece length>i4e<pieces>60:{new string('h', 60)}ee");
        Assert.Equal(["top/a/b.txt", "top/.pad/3", "top/c", "top/.pad/3"], torrent.Layout.Files.Select(file => file.Path), StringComparer.Ordinal);
        Assert.Equal([false, true, false, true], torrent.Layout.Files.Select(file => file.IsPadding));
        Assert.Equal([0L, 5, 8, 8], torrent.Layout.Files.Select(file => file.Offset));
        Assert.Equal([0, 1, 2, 3], torrent.Layout.Files.Select(file => file.Index));
        Assert.Equal(3, torrent.Layout.PieceCount);
    }

    [Fact]
    public void Reads_what_stands_around_the_info()
    {
        var torrent = Parse(
            $"d<announce><http://a/announce><comment><c><created by><me><creation date>i1700000000e<info>d<length>i5e<name><n><piece length>i16384e<pieces>{Hash}<private>i1e<source><S>e<url-list>l<http://w/><ftp://w/>ee");
        Assert.Equal("c", torrent.Comment);
        Assert.Equal("me", torrent.CreatedBy);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000000), torrent.CreationDate);
        Assert.True(torrent.IsPrivate);
        Assert.Equal("S", torrent.Source);
        Assert.Equal([new Uri("http://w/")], torrent.WebSeeds);
        Assert.Equal([new Uri("http://a/announce")], Assert.Single(torrent.AnnounceTiers));
    }

    [Fact]
    public void The_announce_list_wins_and_bad_urls_are_listed_as_ignored()
    {
        var torrent = Parse(
            "d<announce><http://single/><announce-list>ll<http://a/><udp://b:80/announce><nonsense>el<http://a/><wss://c/>el<https://d/x?k=1>el<udp://noport/>ee"
            + Good[1..]);
        Assert.Equal(
            [["http://a/", "udp://b/announce"], ["https://d/x?k=1"]],
            torrent.AnnounceTiers.Select(tier => tier.Select(uri => uri.ToString().Replace(":80/", "/", StringComparison.Ordinal)).ToArray()));
        Assert.Equal(["nonsense", "wss://c/", "udp://noport/"], torrent.IgnoredTrackers);
    }

    [Theory]
    [InlineData("<announce-list>le")]
    [InlineData("<announce-list>ll<?>ee")]
    [InlineData("<announce-list>i1e")]
    public void Announce_is_used_when_the_list_holds_no_tracker(string list) =>
        Assert.Equal("http://single/", Parse("d<announce><http://single/>" + list + Good[1..]).AnnounceTiers.Single().Single().AbsoluteUri);

    [Fact]
    public void Of_a_hybrid_the_first_half_is_used()
    {
        var torrent = Parse($"d<info>d<file tree>de<length>i5e<meta version>i2e<name><n><piece length>i16384e<pieces>{Hash}ee");
        Assert.True(torrent.IsHybrid);
        Assert.Equal(5, torrent.Layout.TotalLength);
    }

    [Theory]
    [InlineData("<name><caf\u00e9>", "café")]
    [InlineData("<name><caf\u00c3\u00a9>", "café")]
    [InlineData("<name><x><name.utf-8><caf\u00c3\u00a9>", "café")]
    [InlineData("<name><x><name.utf-8><\u00ff>", "x")]
    [InlineData("<name><\u0083\u008fz>", "%83%8Fz")]
    public void Names_that_are_not_utf8_come_to_something(string field, string expected) =>
        Assert.Equal(expected, Parse($"d<info>d<length>i5e{field}<piece length>i16384e<pieces>{Hash}ee").Name);

    [Fact]
    public void Paths_in_utf8_win_when_they_are()
    {
        var torrent = Parse(
            $"d<info>d<files>ld<length>i3e<path>l<\u00e9>e<path.utf-8>l<\u00c3\u00a8>eed<length>i2e<path>l<\u00ea>e<path.utf-8>l<\u00e9>eee<name><n><piece length>i16384e<pieces>{Hash}ee");
        Assert.Equal(["n/è", "n/ê"], torrent.Layout.Files.Select(file => file.Path), StringComparer.Ordinal);
    }

    public static TheoryData<string, string, string> Refused { get; } = new()
    {
        // As a whole
        { "^", "", "empty" },
        { "^x", "", "starts with i, l, d or a digit" },
        { "^<abc>", "", "must be a bencoded dictionary" },
        { "d<info>d<length>i5e^", "info", "ends inside" },
        { "d<info>d<length>^i05eee", "info.length", "leading zeros" },
        { "d<info>d<length>^i-0eee", "info.length", "minus zero" },
        { Good + "^x", "", "1 bytes follow" },
        { "d<info>de^<info>dee", "", "twice" },
        { "d<info>d<pieces>^99:abcee", "info.pieces", "only 5 are there" },
        { "^d<announce><http://a/>e", "info", "is missing" },
        { "d<info>^lee", "info", "must be a dictionary" },

        // Piece length
        { $"d<info>^d<length>i5e<name><n><pieces>{Hash}ee", "info.piece length", "is missing" },
        { $"d<info>d<length>i5e<name><n><piece length>^i0e<pieces>{Hash}ee", "info.piece length", "is 0" },
        { $"d<info>d<length>i5e<name><n><piece length>^i-1e<pieces>{Hash}ee", "info.piece length", "is -1" },
        { $"d<info>d<length>i5e<name><n><piece length>^i1073741825e<pieces>{Hash}ee", "info.piece length", "1 GiB" },
        { $"d<info>d<length>i5e<name><n><piece length>^<9>e<pieces>{Hash}ee".Replace("<9>e", "<9>", StringComparison.Ordinal), "info.piece length", "must be a number" },

        // Pieces
        { "d<info>^d<length>i5e<name><n><piece length>i16384eee", "info.pieces", "is missing" },
        { "d<info>d<length>i5e<name><n><piece length>i16384e<pieces>^<aaaaaaaaaaaaaaaaaaa>ee", "info.pieces", "multiple of 20" },
        { "d<info>d<length>i5e<name><n><piece length>i16384e<pieces>^0:ee", "info.pieces", "holds 0 hashes" },
        { $"d<info>d<length>i16385e<name><n><piece length>i16384e<pieces>^{Hash}ee", "info.pieces", "need 2" },
        { $"d<info>d<length>i5e<name><n><piece length>i16384e<pieces>^i1eee", "info.pieces", "must be a string" },

        // Version
        { "d<info>d<file tree>de<meta version>^i2e<name><n><piece length>i16384eee", "info.meta version", "v2-only torrents are not supported yet: use a hybrid or v1 torrent" },
        { "d<info>d<meta version>^i3e<name><n><piece length>i16384eee", "info.meta version", "not known" },

        // Name
        { $"d<info>^d<length>i5e<piece length>i16384e<pieces>{Hash}ee", "info.name", "is missing" },
        { $"d<info>d<length>i5e<name>^0:<piece length>i16384e<pieces>{Hash}ee", "info.name", "is empty" },
        { $"d<info>d<length>i5e<name>^<..><piece length>i16384e<pieces>{Hash}ee", "info.name", "leave its folder" },
        { $"d<info>d<length>i5e<name>^</etc/passwd><piece length>i16384e<pieces>{Hash}ee", "info.name", "separator" },
        { $"d<info>d<length>i5e<name><n><name.utf-8>^<a/b><piece length>i16384e<pieces>{Hash}ee", "info.name.utf-8", "separator" },
        { $"d<info>d<length>i5e<name>^i1e<piece length>i16384e<pieces>{Hash}ee", "info.name", "must be a string" },

        // Lengths
        { $"d<info>^d<name><n><piece length>i16384e<pieces>{Hash}ee", "info.length", "is missing" },
        { $"d<info>d<length>^i-5e<name><n><piece length>i16384e<pieces>{Hash}ee", "info.length", "is -5" },
        { "d<info>d<length>^i0e<name><n><piece length>i16384e<pieces>0:ee", "info.length", "no bytes at all" },
        { $"d<info>d<length>^i9223372036854775807e<name><n><piece length>i1e<pieces>{Hash}ee", "info.length", "too many pieces" },
        { $"d<info>d<attr>^<l><length>i5e<name><n><piece length>i16384e<pieces>{Hash}ee", "info.attr", "symbolic link" },

        // Files
        { Multi("^le"), "info.files", "holds no file" },
        { Multi("^i1e"), "info.files", "must be a list" },
        { Multi("l^i1ee"), "info.files[0]", "must be a dictionary" },
        { Multi("l^d<path>l<a>eee"), "info.files[0].length", "is missing" },
        { Multi("ld<length>^i-1e<path>l<a>eee"), "info.files[0].length", "is -1" },
        { Multi("l^d<length>i5eee"), "info.files[0].path", "is missing" },
        { Multi("ld<length>i5e<path>^leee"), "info.files[0].path", "is empty" },
        { Multi("ld<length>i5e<path>l^i7eeee"), "info.files[0].path[0]", "must be a string" },
        { Multi("ld<length>i1e<path>l<a>eed<length>i1e<path>l<b>^<..>eee"), "info.files[1].path[1]", "leave its folder" },
        { Multi("ld<length>i5e<path>l<a>^0:eee"), "info.files[0].path[1]", "is empty" },
        { Multi("ld<length>i5e<path>l^<a/b>eee"), "info.files[0].path[0]", "separator" },
        { Multi("ld<length>i5e<path>l^<a\\b>eee"), "info.files[0].path[0]", "separator" },
        { Multi("ld<length>i5e<path>l^<a\0>eee"), "info.files[0].path[0]", "NUL" },
        { Multi("ld<length>i5e<path>l^<a\u001b>eee"), "info.files[0].path[0]", "U+001B" },
        { Multi("ld<length>i5e<path>l^<C:>eee"), "info.files[0].path[0]", "drive" },
        { Multi("ld<length>i5e<path>l^<nul.txt>eee"), "info.files[0].path[0]", "device" },
        { Multi($"ld<length>i5e<path>l^<{new string('a', 256)}>eee"), "info.files[0].path[0]", "256 bytes" },
        { Multi("ld<length>i5e<path>l<x>e<path.utf-8>l^<..>eee"), "info.files[0].path.utf-8[0]", "leave its folder" },
        { Multi($"ld<length>i5e<path>^l{string.Concat(Enumerable.Repeat($"<{new string('a', 200)}>", 16))}eee"), "info.files[0].path", "at most 3072" },
        { Multi("ld<length>i2e<path>l<a>eed<length>i3e<path>^l<a>eee"), "info.files[1].path", "path of another file" },
        { Multi("ld<length>i2e<path>l<a>eed<length>i3e<path>^l<a><b>eee"), "info.files[1].path", "which is a file" },
        { Multi("ld<length>i2e<path>l<a><b>eed<length>i3e<path>^l<a>eee"), "info.files[1].path", "folder of another file" },
        { Multi("ld<attr>^<l><length>i5e<path>l<a>eee"), "info.files[0].attr", "symbolic link" },
        { Multi("ld<length>i9223372036854775807e<path>l<a>eed<length>^i1e<path>l<b>eee"), "info.files[1].length", "overflow" },
        { Multi("^ld<length>i0e<path>l<a>eee"), "info.files", "no bytes at all" },
        { $"d<info>d<files>le<length>^i5e<name><n><piece length>i16384e<pieces>{Hash}ee", "info.length", "beside info.files" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_with_field_and_offset(string text, string field, string reason)
    {
        var bytes = Bencoded.Of(text, out var mark);
        var problem = Assert.Throws<TorrentFormatException>(() => TorrentFileParser.Parse(bytes));
        Assert.Equal(field, problem.Field);
        Assert.Equal(mark, problem.ByteOffset);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Contains($"(byte {mark})", problem.Message, StringComparison.Ordinal);
        Assert.Contains(field, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_lists_deep_is_refused()
    {
        var bytes = Bencoded.Of("d<a>" + new string('l', 10_000) + new string('e', 10_001));
        var problem = Assert.Throws<TorrentFormatException>(() => TorrentFileParser.Parse(bytes));
        Assert.Equal(67, problem.ByteOffset);
        Assert.Contains("more than 64 deep", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var whole = Bencoded.Of(Good);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<TorrentFormatException>(() => TorrentFileParser.Parse(whole.AsMemory(0, length)));
    }

    [Theory]
    [InlineData("i-9223372036854775808e")]
    [InlineData("i9223372036854775807e")]
    [InlineData("<yesterday>")]
    [InlineData("le")]
    public void A_date_that_makes_no_sense_is_none(string date) =>
        Assert.Null(Parse($"d<creation date>{date}" + Good[1..]).CreationDate);

    [Fact]
    public void A_hundred_thousand_files_are_read()
    {
        var builder = new TorrentBuilder { Name = "many", PieceLength = 1 << 20, PieceHashes = new byte[20 * 96] };
        for (var i = 0; i < 100_000; i++)
            builder.AddFile([$"d{i / 1000}", $"f{i}"], 1000);
        var torrent = TorrentFileParser.Parse(builder.Build());
        Assert.Equal(100_000, torrent.Layout.Files.Count);
        Assert.Equal("many/d99/f99999", torrent.Layout.Files[^1].Path);
    }

    [Fact]
    public void A_slice_of_a_larger_buffer_is_read_as_it_is()
    {
        var bytes = Bencoded.Of(Good);
        var torrent = TorrentFileParser.Parse(((byte[])[1, 2, 3, .. bytes, 4, 5]).AsMemory(3, bytes.Length));
        Assert.Equal(TorrentFileParser.Parse(bytes).InfoHash, torrent.InfoHash);
    }

    [Fact]
    public void Changed_bytes_give_only_the_declared_exception()
    {
        var whole = Bencoded.Of(Multi($"ld<attr><p><length>i5e<path>l<a><b>eed<length>i7e<path>l<c>e<path.utf-8>l<d>eee"));
        var cases =
            from changes in (from at in Gen.Choose(0, whole.Length - 1) from value in Gen.Choose(0, 255) select (at, value)).NonEmptyListOf()
            select changes;
        Properties.Hold(
            cases,
            changes =>
            {
                var bytes = whole.ToArray();
                foreach (var (at, value) in changes.Take(4))
                    bytes[at] = (byte)value;
                try
                {
                    Assert.NotEmpty(TorrentFileParser.Parse(bytes).Layout.Files);
                }
                catch (TorrentFormatException problem)
                {
                    Assert.InRange(problem.ByteOffset, 0, bytes.Length);
                }
            },
            5000);
    }

    private static string Multi(string files) => $"d<info>d<files>{files}<name><n><piece length>i16384e<pieces>{Hash}ee";

    private static TorrentMetainfo Parse(string text) => TorrentFileParser.Parse(Bencoded.Of(text));
}
