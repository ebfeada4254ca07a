using System.Globalization;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Benchmarks.Idle;

/// <summary>Many small torrents, made from seeds: whoever knows how many there are knows them all.</summary>
internal static class IdleTorrents
{
    private const int PieceLength = 16 * 1024;

    public static IReadOnlyList<GeneratedContent> Make(int count) =>
        [.. Enumerable.Range(0, count).Select(static number => new GeneratedContent(
            string.Create(CultureInfo.InvariantCulture, $"idle-{number}"),
            (ulong)number + 1,
            PieceLength,
            [new GeneratedFile("content.bin", PieceLength)]))];
}
