using System.Globalization;

namespace ActorTorrent.Engine.Limits;

/// <summary>So many bytes a second at most, or no limit, which is the default value. Only the payload of blocks counts.</summary>
public readonly record struct ByteRate
{
    /// <summary>The highest limit, in bytes a second: 1 TiB.</summary>
    public const long Max = 1L << 40;

    private const string Off = "off";

    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("", 1), ("b", 1), ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000),
    ];

    /// <param name="bytesPerSecond">The limit, 1 to <see cref="Max"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of that range.</exception>
    public ByteRate(long bytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesPerSecond, Max);
        BytesPerSecond = bytesPerSecond;
    }

    /// <summary>No limit.</summary>
    public static ByteRate Unlimited => default;

    /// <summary>The limit in bytes a second; 0 when there is none.</summary>
    public long BytesPerSecond { get; }

    /// <summary>Whether there is no limit.</summary>
    public bool IsUnlimited => BytesPerSecond == 0;

    /// <summary>Reads <c>5MiB/s</c>, <c>500 kB/s</c>, <c>1.5MiB</c> (the <c>/s</c> may be left out), a number of bytes, or <c>off</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="rate">The rate; without meaning when the answer is false.</param>
    /// <returns>Whether it is a rate within the range.</returns>
    public static bool TryParse(string text, out ByteRate rate)
    {
        rate = default;
        text = text.Trim();
        if (text.Equals(Off, StringComparison.OrdinalIgnoreCase))
            return true;
        if (text.EndsWith("/s", StringComparison.OrdinalIgnoreCase))
            text = text[..^2];
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        var suffix = text[end..].Trim();
        foreach (var (unit, factor) in Units)
        {
            if (!suffix.Equals(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            if (!decimal.TryParse(text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > Max)
                return false;
            var bytes = number * factor;
            if (bytes is < 1 or > Max)
                return false;
            rate = new ByteRate((long)bytes);
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => IsUnlimited ? Off : string.Create(CultureInfo.InvariantCulture, $"{BytesPerSecond}B/s");
}
