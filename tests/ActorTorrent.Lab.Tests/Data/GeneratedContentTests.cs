using System.Security.Cryptography;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Lab.Tests.Data;

public sealed class GeneratedContentTests
{
    [Fact]
    public void The_bytes_of_a_seed_never_change()
    {
        var bytes = new byte[24];
        Small().Read(0, bytes);
        Assert.Equal("d02cfea41619bb26475416df9222338febde0e5a4185ed1a", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Any_range_is_the_same_as_in_the_whole()
    {
        var content = Small();
        var whole = new byte[content.Layout.TotalLength];
        content.Read(0, whole);
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var offset = random.Next(whole.Length + 1);
            var part = new byte[random.Next(Math.Min(100, whole.Length - offset) + 1)];
            content.Read(offset, part);
            Assert.True(whole.AsSpan(offset, part.Length).SequenceEqual(part));
        }
    }

    [Fact]
    public void Another_seed_gives_other_bytes()
    {
        var one = new byte[64];
        var other = new byte[64];
        Small().Read(0, one);
        Small(seed: 21).Read(0, other);
        Assert.NotEqual(one, other);
        Assert.NotEqual(Small().InfoHash, Small(seed: 21).InfoHash);
    }

    [Fact]
    public void A_range_outside_is_refused()
    {
        var content = Small();
        Assert.Throws<ArgumentOutOfRangeException>(() => content.Read(-1, new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => content.Read(content.Layout.TotalLength, new byte[1]));
    }

    [Fact]
    public void The_torrent_file_says_what_the_content_is()
    {
        var content = Small();
        var torrent = TorrentFileParser.Parse(content.BuildTorrent(new Uri("http://127.0.0.1:1/announce")));
        Assert.Equal(content.InfoHash, torrent.InfoHash);
        Assert.Equal(content.Layout.Files.Select(file => (file.Path, file.Length)), torrent.Layout.Files.Select(file => (file.Path, file.Length)));
        Assert.Equal("http://127.0.0.1:1/announce", Assert.Single(Assert.Single(torrent.AnnounceTiers)).AbsoluteUri);
        for (var i = 0; i < torrent.Layout.PieceCount; i++)
        {
            var piece = new PieceIndex(i);
            var bytes = new byte[torrent.Layout.PieceSize(piece)];
            content.Read(torrent.Layout.PieceOffset(piece), bytes);
            Assert.True(torrent.PieceHashes.Matches(piece, SHA1.HashData(bytes)));
        }
    }

    [Fact]
    public async Task Files_on_disk_are_what_it_says()
    {
        var content = Small();
        using var folder = new TemporaryFolder();
        await content.WriteFilesAsync(folder.Path);
        foreach (var file in content.Layout.Files)
        {
            var bytes = await File.ReadAllBytesAsync(GeneratedContent.PathOf(folder.Path, file));
            Assert.Equal(file.Length, bytes.Length);
            Assert.Equal(SHA256.HashData(bytes), content.Sha256Of(file.Index));
        }
        var verdict = content.Verify(folder.Path);
        Assert.True(verdict.IsGood, string.Join("; ", verdict.Differences));
        Assert.Equal(content.Layout.PieceCount, verdict.GoodPieces);
    }

    [Fact]
    public async Task A_flipped_bit_a_cut_file_and_a_missing_one_are_found()
    {
        var content = Small();
        using var folder = new TemporaryFolder();
        await content.WriteFilesAsync(folder.Path);
        var files = content.Layout.Files.Select(file => GeneratedContent.PathOf(folder.Path, file)).ToArray();

        var bytes = await File.ReadAllBytesAsync(files[0]);
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(files[0], bytes);
        var verdict = content.Verify(folder.Path);
        Assert.Equal((verdict.Pieces - 1, verdict.Files - 1), (verdict.GoodPieces, verdict.GoodFiles));

        await File.WriteAllBytesAsync(files[2], new byte[1]);
        File.Delete(files[3]);
        verdict = content.Verify(folder.Path);
        Assert.False(verdict.IsGood);
        Assert.Equal(verdict.Files - 3, verdict.GoodFiles);
        Assert.Contains(verdict.Differences, difference => difference.Contains("is not there", StringComparison.Ordinal));
    }

    private static GeneratedContent Small(ulong seed = 20) => new(
        "small", seed, 1024, [new("a.bin", 3000), new("none.bin", 0), new("sub/b.bin", 1), new("sub/c.bin", 5555)]);
}
