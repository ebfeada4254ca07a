using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>Torrents of generated content, for tests that need some and do not care which.</summary>
public static class SampleTorrent
{
    public const int PieceLength = 32 << 10;

    /// <summary>Writes a file of content into a folder and answers the torrent file's bytes.</summary>
    public static byte[] Make(string folder, string name, int length, int seed, params string[] trackers)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        return Of(name, bytes, trackers);
    }

    /// <summary>The torrent file of one file.</summary>
    public static byte[] Of(string name, byte[] bytes, params string[] trackers)
    {
        var pieces = new MemoryStream();
        for (var at = 0; at < bytes.Length; at += PieceLength)
            pieces.Write(System.Security.Cryptography.SHA1.HashData(bytes.AsSpan(at, Math.Min(PieceLength, bytes.Length - at))));
        var text = new MemoryStream();
        void Write(string part) => text.Write(System.Text.Encoding.UTF8.GetBytes(part));
        Write("d");
        if (trackers.Length > 0)
        {
            Write($"8:announce{trackers[0].Length}:{trackers[0]}13:announce-listl");
            foreach (var tracker in trackers)
                Write($"l{tracker.Length}:{tracker}e");
            Write("e");
        }
        Write($"4:infod6:lengthi{bytes.Length}e4:name{System.Text.Encoding.UTF8.GetByteCount(name)}:{name}12:piece lengthi{PieceLength}e6:pieces{pieces.Length}:");
        pieces.WriteTo(text);
        Write("ee");
        return text.ToArray();
    }

    public static InfoHash HashOf(byte[] torrent) => TorrentFileParser.Parse(torrent).InfoHash;
}
