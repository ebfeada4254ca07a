using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Wire.Tests.Metainfo;

public class TorrentFileWriterTests
{
    private static readonly Uri One = new("http://one.example/announce");
    private static readonly Uri Two = new("udp://two.example:6969");

    private static readonly TorrentMetainfo Torrent = TorrentFileParser.Parse(
        new TorrentBuilder { Name = "file", PieceHashes = new byte[20] }.AddFile([], 5).Build());

    [Fact]
    public void The_info_hash_stays()
    {
        var read = TorrentFileParser.Parse(TorrentFileWriter.Write(Torrent.InfoBytes.Span, [], []));
        Assert.Equal(Torrent.InfoHash, read.InfoHash);
        Assert.Empty(read.AnnounceTiers);
        Assert.Empty(read.WebSeeds);
    }

    [Fact]
    public void Trackers_and_web_seeds_are_kept()
    {
        var seed = new Uri("https://w.example/");
        var read = TorrentFileParser.Parse(TorrentFileWriter.Write(Torrent.InfoBytes.Span, [[One], [Two]], [seed]));
        Assert.Equal([[One], [Two]], read.AnnounceTiers);
        Assert.Equal([seed], read.WebSeeds);
        Assert.Equal(Torrent.InfoHash, read.InfoHash);
        Assert.Equal([[Two]], TorrentFileParser.Parse(TorrentFileWriter.Write(Torrent.InfoBytes.Span, [[Two]], [])).AnnounceTiers);
    }
}
