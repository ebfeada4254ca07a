using System.Text;

namespace ActorTorrent.Engine.Creation;

/// <summary>The order of files in a torrent: by the UTF-8 bytes of their paths, so that it is the same on every system and in every language.</summary>
internal static class SourceOrder
{
    /// <summary>Sorts files as a style has them.</summary>
    public static SourceFile[] Sort(IReadOnlyCollection<SourceFile> files, CreationStyle style)
    {
        var sorted = files.ToArray();
        var keys = Array.ConvertAll(sorted, static file => Encoding.UTF8.GetBytes(string.Join('/', file.Segments)));
        Array.Sort(keys, sorted, Comparer<byte[]>.Create(style == CreationStyle.Transmission ? CompareAsTransmission : CompareBytes));
        return sorted;
    }

    private static int CompareBytes(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right);

    // Its bytes are signed, so what is beyond ASCII comes before everything else, the end of a path included.
    private static int CompareAsTransmission(byte[] left, byte[] right)
    {
        for (var i = 0; i < left.Length || i < right.Length; i++)
        {
            var difference = Fold(left, i) - Fold(right, i);
            if (difference != 0)
                return difference;
        }
        return CompareBytes(left, right);
    }

    private static int Fold(byte[] path, int at)
    {
        if (at >= path.Length)
            return 0;
        var value = path[at];
        return value is >= (byte)'A' and <= (byte)'Z' ? value + ('a' - 'A') : (sbyte)value;
    }
}
