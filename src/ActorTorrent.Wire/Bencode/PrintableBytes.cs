using System.Globalization;
using System.Text;

namespace ActorTorrent.Wire.Bencode;

/// <summary>Bytes of unknown meaning as text that is safe to print.</summary>
internal static class PrintableBytes
{
    /// <summary>Printable ASCII as it is, every other byte (and the backslash) as <c>\x</c> and two lower-case hex digits.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="most">How many bytes to show; an ellipsis stands for the others.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int most = int.MaxValue)
    {
        var text = new StringBuilder(Math.Min(bytes.Length, most) * 2);
        foreach (var value in bytes[..Math.Min(bytes.Length, most)])
        {
            if (value is >= 0x20 and < 0x7F and not (byte)'\\')
                text.Append((char)value);
            else
                text.Append("\\x").Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }
        if (bytes.Length > most)
            text.Append('…');
        return text.ToString();
    }
}
