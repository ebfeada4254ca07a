using System.Text;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>Content that the tests share, and torrents of it.</summary>
internal static class SampleTorrent
{
    /// <summary>Three files of 600,001 bytes in all, in pieces of 64 KiB.</summary>
    public static GeneratedContent Content { get; } = new(
        "sample", 7, 64 << 10, [new("a/first.bin", 400_000), new("b.bin", 200_000), new("c.txt", 1)]);

    /// <summary>A layout with this many files of a byte each.</summary>
    public static Wire.Metainfo.FileLayout Files(int count) => new(
        Enumerable.Range(0, count).Select(i => new Wire.Metainfo.TorrentFileEntry(i, ["n", $"{i}"], 1, i)), 1 << 14);

    /// <summary>A single-file torrent with fields of the test's choice after the info.</summary>
    public static byte[] Raw(string name = "a.bin", string more = "", string before = "") => Encoding.Latin1.GetBytes(
        $"d{before}4:infod6:lengthi16384e4:name{Encoding.UTF8.GetByteCount(name)}:{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(name))}12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa{more}ee");
}
