using System.Globalization;
using System.Text;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>Writes a torrent file (BEP 3) around the raw bytes of an <c>info</c> value, so that its info hash stays what it is.</summary>
public static class TorrentFileWriter
{
    /// <summary>The torrent file's bytes.</summary>
    /// <param name="info">The <c>info</c> value, a dictionary from its <c>d</c> to its <c>e</c>.</param>
    /// <param name="tiers">Trackers by tier (BEP 12); may be empty.</param>
    /// <param name="webSeeds">HTTP servers that hold the files (BEP 19); may be empty.</param>
    public static byte[] Write(ReadOnlySpan<byte> info, IReadOnlyList<IReadOnlyList<Uri>> tiers, IReadOnlyList<Uri> webSeeds)
    {
        ArgumentNullException.ThrowIfNull(tiers);
        ArgumentNullException.ThrowIfNull(webSeeds);
        var head = new StringBuilder("d");
        if (tiers.Count > 0 && tiers[0].Count > 0)
        {
            String(String(head, "announce"), tiers[0][0].AbsoluteUri);
            if (tiers.Count > 1 || tiers[0].Count > 1)
            {
                String(head, "announce-list").Append('l');
                foreach (var tier in tiers)
                    List(head, tier);
                head.Append('e');
            }
        }
        String(head, "info");
        var tail = new StringBuilder();
        if (webSeeds.Count > 0)
            List(String(tail, "url-list"), webSeeds);
        tail.Append('e');
        return [.. Encoding.UTF8.GetBytes(head.ToString()), .. info, .. Encoding.UTF8.GetBytes(tail.ToString())];
    }

    private static void List(StringBuilder text, IReadOnlyList<Uri> urls)
    {
        text.Append('l');
        foreach (var url in urls)
            String(text, url.AbsoluteUri);
        text.Append('e');
    }

    private static StringBuilder String(StringBuilder text, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(value)}:").Append(value);
}
