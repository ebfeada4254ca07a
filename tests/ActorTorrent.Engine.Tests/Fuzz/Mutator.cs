using System.Globalization;
using System.Text;

namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>Makes new inputs of old ones. What it makes follows from its seed alone.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus, int maxLength)
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "0", "-1", "-0", "1", "00", "255", "256", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "99999999999999999999", "d", "l", "e", "i", ":", "de", "le", "i0e", "0:", "d0:", "ll", "\r\n", "\n", "&", "=", "%", "-", "/", ",", ".", "::", "::1",
        }.Select(Encoding.Latin1.GetBytes),
        [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xC3, 0x28], [0xEF, 0xBB, 0xBF],
    ];

    private const int Remembered = 64;

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _made = [];

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        var bytes = _made.Count > 0 && _random.Next(4) == 0 ? _made[_random.Next(_made.Count)] : corpus[_random.Next(corpus.Count)];
        for (var steps = 1 + _random.Next(6); steps > 0; steps--)
            bytes = Step(bytes);
        if (bytes.Length > maxLength)
            bytes = bytes[..maxLength];
        if (_made.Count < Remembered)
            _made.Add(bytes);
        else if (_random.Next(8) == 0)
            _made[_random.Next(Remembered)] = bytes;
        return bytes;
    }

    private byte[] Step(byte[] bytes)
    {
        if (bytes.Length == 0)
            return Token();
        var at = _random.Next(bytes.Length);
        switch (_random.Next(12))
        {
            case 0:
                return Changed(bytes, at, (byte)(bytes[at] ^ (1 << _random.Next(8))));
            case 1:
                return Changed(bytes, at, (byte)_random.Next(256));
            case 2:
                return Changed(bytes, at, (byte)(bytes[at] + (_random.Next(2) == 0 ? 1 : -1)));
            case 3:
                return Spliced(bytes, at, Slice(bytes.Length - at), []);
            case 4:
                return Spliced(bytes, at, 0, Token());
            case 5:
                var token = Token();
                return Spliced(bytes, at, Math.Min(token.Length, bytes.Length - at), token);
            case 6:
                var copied = bytes.AsSpan(at, Slice(bytes.Length - at)).ToArray();
                return Spliced(bytes, _random.Next(bytes.Length), 0, copied);
            case 7:
                var other = corpus[_random.Next(corpus.Count)];
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(Math.Min(at, other.Length))];
            case 8:
                return bytes[..at];
            case 9:
                return Repeated(bytes, at);
            case 10:
                return Renumbered(bytes, at);
            default:
                var swapped = (byte[])bytes.Clone();
                var with = _random.Next(bytes.Length);
                (swapped[at], swapped[with]) = (swapped[with], swapped[at]);
                return swapped;
        }
    }

    private byte[] Token() => Tokens[_random.Next(Tokens.Length)];

    private int Slice(int most) => Math.Min(most, 1 + _random.Next(_random.Next(4) == 0 ? most : 8));

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] = value;
        return changed;
    }

    private static byte[] Spliced(byte[] bytes, int at, int removed, byte[] inserted)
        => [.. bytes.AsSpan(0, at), .. inserted, .. bytes.AsSpan(at + removed)];

    /// <summary>A few bytes, many times.</summary>
    private byte[] Repeated(byte[] bytes, int at)
    {
        var unit = bytes.AsSpan(at, Slice(Math.Min(16, bytes.Length - at))).ToArray();
        var times = 1 + _random.Next(_random.Next(8) == 0 ? 4_000 : 40);
        times = Math.Min(times, Math.Max(0, maxLength - bytes.Length) / unit.Length);
        var all = new byte[times * unit.Length];
        for (var i = 0; i < times; i++)
            unit.CopyTo(all, i * unit.Length);
        return Spliced(bytes, at, 0, all);
    }

    /// <summary>A decimal number in the text becomes another one.</summary>
    private byte[] Renumbered(byte[] bytes, int from)
    {
        var start = bytes.AsSpan(from).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return bytes;
        start += from;
        var end = start;
        while (end < bytes.Length && bytes[end] is >= (byte)'0' and <= (byte)'9')
            end++;
        var number = _random.Next(3) switch
        {
            0 => Encoding.Latin1.GetBytes(_random.Next(100).ToString(CultureInfo.InvariantCulture)),
            1 when long.TryParse(bytes.AsSpan(start, end - start), CultureInfo.InvariantCulture, out var was) =>
                Encoding.Latin1.GetBytes(unchecked(was + _random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture)),
            _ => Token(),
        };
        return Spliced(bytes, start, end - start, number);
    }
}
