using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes with their units.</summary>
internal static class HoconUnits
{
    public static TimeSpan Duration(string text, bool allowInfinite)
    {
        text = text?.Trim() ?? throw new FormatException("The value is not a duration.");
        if (allowInfinite && text == "infinite")
            return Timeout.InfiniteTimeSpan;
        var (number, unit) = Split(text);
        var ticks = unit switch
        {
            "nanoseconds" or "nanosecond" or "nanos" or "nano" or "ns" => 0.01,
            "microseconds" or "microsecond" or "micros" or "micro" or "us" => TimeSpan.TicksPerMicrosecond,
            "" or "milliseconds" or "millisecond" or "millis" or "milli" or "ms" => TimeSpan.TicksPerMillisecond,
            "seconds" or "second" or "s" => TimeSpan.TicksPerSecond,
            "minutes" or "minute" or "m" => TimeSpan.TicksPerMinute,
            "hours" or "hour" or "h" => TimeSpan.TicksPerHour,
            "days" or "day" or "d" => TimeSpan.TicksPerDay,
            _ => throw new FormatException($"'{text}' is not a duration: unknown unit '{unit}'."),
        };
        return TimeSpan.FromTicks((long)(number * ticks));
    }

    public static long? Size(string text)
    {
        if (text is null)
            return null;
        var (number, unit) = Split(text.Trim());
        double factor = unit switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1,
            "kB" or "kilobyte" or "kilobytes" => 1e3,
            "MB" or "megabyte" or "megabytes" => 1e6,
            "GB" or "gigabyte" or "gigabytes" => 1e9,
            "TB" or "terabyte" or "terabytes" => 1e12,
            "PB" or "petabyte" or "petabytes" => 1e15,
            "EB" or "exabyte" or "exabytes" => 1e18,
            "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "p" or "P" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
            "e" or "E" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
            _ => throw new FormatException($"'{text}' is not a size: unknown unit '{unit}'."),
        };
        return (long)(number * factor);
    }

    private static (double Number, string Unit) Split(string text)
    {
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
            end--;
        var digits = text.AsSpan(0, end).Trim();
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"'{text}' is not a number with a unit.");
        return (number, text[end..]);
    }
}
