using System.Buffers.Text;

namespace BencodeNET.Objects;

internal static class Digits
{
    public static int Count(long value)
    {
        var count = value < 0 ? 2 : 1;
        for (value /= 10; value != 0; value /= 10)
            count++;
        return count;
    }

    public static void Write(Stream stream, long value)
    {
        Span<byte> buffer = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, buffer, out var written);
        stream.Write(buffer[..written]);
    }
}
