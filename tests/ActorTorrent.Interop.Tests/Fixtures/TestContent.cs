using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>
/// Content to share: many files, the same bytes on every machine, with the shapes that go wrong (an empty file, one of a
/// single byte, files smaller than a piece, nested folders, spaces and letters beyond ASCII, a last piece cut short).
/// </summary>
public sealed class TestContent : IDisposable
{
    public const string RootName = "Test content";

    private readonly TempFolder _folder = new();

    public TestContent(long bytes)
    {
        Folder = _folder.Make(RootName);
        foreach (var (path, length) in Layout(bytes))
            Sums[path] = Write(Path.Combine(Folder, path), length, (ulong)Sums.Count);
        Length = bytes;
        Torrent = Mktorrent.Make(Folder, Path.Combine(_folder.Path, "content.torrent"));
    }

    /// <summary>The folder that the torrent is of.</summary>
    public string Folder { get; }

    /// <summary>The folder in which the torrent's root folder lies: what clients call the download folder.</summary>
    public string Parent => _folder.Path;

    public long Length { get; }

    public TorrentInfo Torrent { get; }

    /// <summary>The SHA-256 of every file, by its path below <see cref="Folder"/>.</summary>
    public SortedDictionary<string, string> Sums { get; } = new(StringComparer.Ordinal);

    /// <summary>Fails unless <paramref name="downloadFolder"/> holds the torrent's root folder with exactly these files.</summary>
    public void AssertEqualTo(string downloadFolder, bool emptyFilesMayBeMissing = false)
    {
        var root = Path.Combine(downloadFolder, RootName);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(root))
        {
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(root, file);
                if (!path.EndsWith(".aria2", StringComparison.Ordinal))
                    found[path] = SumOf(file);
            }
        }

        if (emptyFilesMayBeMissing)
        {
            foreach (var (path, sum) in Sums.Where(static p => string.Equals(p.Value, SumOfNothing, StringComparison.Ordinal)))
                found.TryAdd(path, sum);
        }

        Assert.Equal(Lines(Sums), Lines(found));
    }

    public void Dispose() => _folder.Dispose();

    public static string SumOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static readonly string SumOfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    private static string Lines(SortedDictionary<string, string> sums) =>
        string.Join('\n', sums.Select(static p => $"{p.Value} {p.Key}"));

    private static IEnumerable<(string Path, long Length)> Layout(long bytes)
    {
        // The sizes are shares of the whole and never multiples of a piece, so that most pieces at the edges span files.
        var rest = bytes;
        (string Path, long Length) Share(string path, long length)
        {
            rest -= length;
            return (path, length);
        }

        yield return Share("README.txt", 1_234);
        yield return Share("disc 1/empty.bin", 0);
        yield return Share("disc 1/one byte.bin", 1);
        yield return Share("disc 1/track 01.bin", (bytes / 4) + 77);
        yield return Share("disc 1/track 02.bin", (bytes / 8) + 4_099);
        for (var i = 1; i <= 40; i++)
            yield return Share($"notes/{i:D2}.txt", 100 + (i * 997));
        yield return Share("disc 2/übung – final.bin", (bytes / 5) + 31);
        yield return ("disc 2/deep/er/than/that.bin", rest);
    }

    private static string Write(string path, long length, ulong seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.Create(path, bufferSize: 1);
        var words = new ulong[1 << 17];
        var bytes = MemoryMarshal.AsBytes(words.AsSpan());
        var state = seed * 0x9E3779B97F4A7C15UL;
        for (var left = length; left > 0;)
        {
            for (var i = 0; i < words.Length; i++)
                words[i] = BitConverter.IsLittleEndian ? Next(ref state) : BinaryPrimitives.ReverseEndianness(Next(ref state));
            var part = bytes[..(int)Math.Min(left, bytes.Length)];
            sum.AppendData(part);
            file.Write(part);
            left -= part.Length;
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    // SplitMix64: small, quick, and the same everywhere.
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
