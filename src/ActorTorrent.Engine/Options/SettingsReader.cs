using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Engine.Limits;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorTorrent.Engine.Options;

/// <summary>
/// Reads the <c>actortorrent</c> section of several HOCON files laid over each other, later ones over earlier ones, and
/// remembers which file said what, so that a fault is named with key, file and allowed range. It reads plain text values
/// itself, so that the meaning is the same whoever parses the files.
/// </summary>
internal sealed class SettingsReader
{
    private const string Root = "actortorrent";

    private readonly SortedDictionary<string, (string Text, string File)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _lists = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <summary>Lays a file over what was read before.</summary>
    public void Add(string fileName, Config config)
    {
        if (config.IsEmpty)
            return;
        foreach (var (key, value) in config.Root.GetObject().Items)
        {
            if (key == Root && value.IsObject())
                Flatten(fileName, "", value.GetObject());
            else if (key != "akka")
                _faults.Add($"{fileName}: unknown key '{key}'; the sections are 'actortorrent' and 'akka'.");
        }
    }

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min, TimeSpan max)
        => Read(key, fallback, $"a duration from {Format(min)} to {Format(max)}, such as 10s or 250ms", ParseDuration, v => v >= min && v <= max);

    public int Integer(string key, int fallback, int min, int max)
        => Read(key, fallback, FormattableString.Invariant($"a whole number from {min} to {max}"), ParseInteger, v => v >= min && v <= max);

    public double Number(string key, double fallback, double min, double max)
        => Read(key, fallback, FormattableString.Invariant($"a number from {min} to {max}"), ParseNumber, v => v >= min && v <= max);

    public long Bytes(string key, long fallback, long min, long max)
        => Read(key, fallback, FormattableString.Invariant($"a size from {min} to {max} bytes, such as 16KiB or 1MiB"), ParseBytes, v => v >= min && v <= max);

    public ByteRate Rate(string key, ByteRate fallback)
        => Read(key, fallback, "a rate such as 5MiB/s or 500kB/s, or off", t => ByteRate.TryParse(t, out var rate) ? rate : null, _ => true);

    public bool Flag(string key, bool fallback)
        => Read(key, fallback, "true or false", t => bool.TryParse(t, out var value) ? value : null, _ => true);

    public string Text(string key, string fallback)
        => Read(key, fallback, "a text that is not empty", t => t, t => t.Length > 0);

    /// <summary>A text that may be empty.</summary>
    public string Text(string key, string fallback, int maxBytes)
        => Read(key, fallback, $"a text of at most {maxBytes} bytes", t => t, t => Encoding.UTF8.GetByteCount(t) <= maxBytes);

    /// <summary>An IP address; null for <c>any</c>.</summary>
    public IPAddress? Address(string key, AddressFamily family)
    {
        const string any = "any";
        var name = family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
        var text = Read(
            key, any, $"an {name} address of this host, or {any}", static t => t,
            t => t == any || (IPAddress.TryParse(t, out var address) && address.AddressFamily == family));
        return text == any ? null : IPAddress.Parse(text);
    }

    /// <summary>A list of texts. What is the same as the fallback is the fallback itself, so that records with it are equal.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> fallback, string allowed, Predicate<string> isAllowed)
    {
        _read.Add(key);
        if (!_values.TryGetValue(key, out var value))
            return fallback;
        if (_lists.TryGetValue(key, out var list) && list.TrueForAll(isAllowed))
            return list.SequenceEqual(fallback, StringComparer.Ordinal) ? fallback : list;
        _faults.Add($"{value.File}: '{Root}.{key}' is '{(list is null ? value.Text : string.Join(", ", list))}'; it must be {allowed}.");
        return fallback;
    }

    /// <summary>One of an enumeration's names, in lower case with hyphens between the words.</summary>
    public T Choice<T>(string key, T fallback)
        where T : struct, Enum
        => Read(key, fallback, $"one of {string.Join(", ", Enum.GetValues<T>().Select(Hyphenate))}", ParseChoice<T>, _ => true);

    /// <summary>Demands that one value is not greater than another; where that fails the file that set either is named.</summary>
    public void InOrder<T>(string lowKey, T low, string highKey, T high)
        where T : IComparable<T>
    {
        if (low.CompareTo(high) <= 0)
            return;
        var (key, value) = _values.TryGetValue(highKey, out var set) ? (highKey, set) : (lowKey, _values[lowKey]);
        _faults.Add($"{value.File}: '{Root}.{key}' is '{value.Text}'; '{lowKey}' must not be greater than '{highKey}'.");
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="SettingsException">Keys are unknown or values are bad.</exception>
    public void Finish()
    {
        foreach (var (key, value) in _values)
        {
            if (!_read.Contains(key))
                _faults.Add($"{value.File}: unknown key '{Root}.{key}'.{Suggest(key)}");
        }
        if (_faults.Count > 0)
            throw new SettingsException(string.Join(Environment.NewLine, _faults));
    }

    private T Read<T>(string key, T fallback, string allowed, Func<string, T?> parse, Predicate<T> isAllowed)
        where T : struct
    {
        _read.Add(key);
        if (!_values.TryGetValue(key, out var value))
            return fallback;
        if (parse(value.Text) is { } parsed && isAllowed(parsed))
            return parsed;
        _faults.Add($"{value.File}: '{Root}.{key}' is '{value.Text}'; it must be {allowed}.");
        return fallback;
    }

    private string Read(string key, string fallback, string allowed, Func<string, string> parse, Predicate<string> isAllowed)
    {
        _read.Add(key);
        if (!_values.TryGetValue(key, out var value))
            return fallback;
        var parsed = parse(value.Text);
        if (isAllowed(parsed))
            return parsed;
        _faults.Add($"{value.File}: '{Root}.{key}' is '{value.Text}'; it must be {allowed}.");
        return fallback;
    }

    private void Flatten(string fileName, string prefix, HoconObject section)
    {
        foreach (var (name, value) in section.Items)
        {
            var key = prefix.Length == 0 ? name : $"{prefix}.{name}";
            if (value.IsObject())
                Flatten(fileName, key, value.GetObject());
            else
                _values[key] = (value.IsArray() ? "a list" : value.GetString().Trim(), fileName);
            if (value.IsArray())
                _lists[key] = [.. value.GetArray().Select(static item => item.IsObject() || item.IsArray() ? "" : item.GetString().Trim())];
            else
                _lists.Remove(key);
        }
    }

    private string Suggest(string key)
    {
        var section = key.Contains('.', StringComparison.Ordinal) ? key[..(key.LastIndexOf('.') + 1)] : "";
        var known = _read.Where(k => k.StartsWith(section, StringComparison.Ordinal) && !k[section.Length..].Contains('.', StringComparison.Ordinal))
            .Select(k => k[section.Length..])
            .Order(StringComparer.Ordinal)
            .ToArray();
        return known.Length == 0 ? "" : $" Known there: {string.Join(", ", known)}.";
    }

    private static TimeSpan? ParseDuration(string text)
    {
        (string Suffix, double Milliseconds)[] units =
        [
            ("ms", 1), ("milliseconds", 1), ("s", 1_000), ("seconds", 1_000), ("m", 60_000), ("minutes", 60_000), ("h", 3_600_000), ("hours", 3_600_000),
        ];
        var (number, unit) = Split(text);
        foreach (var (suffix, milliseconds) in units)
        {
            if (unit == suffix && ParseNumber(number) is { } value && value >= 0 && value * milliseconds < TimeSpan.MaxValue.TotalMilliseconds)
                return TimeSpan.FromMilliseconds(value * milliseconds);
        }
        return null;
    }

    private static long? ParseBytes(string text)
    {
        (string Suffix, long Factor)[] units =
        [
            ("", 1), ("b", 1), ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000),
        ];
        var (number, unit) = Split(text);
        foreach (var (suffix, factor) in units)
        {
            if (unit.Equals(suffix, StringComparison.OrdinalIgnoreCase)
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value <= long.MaxValue / factor)
            {
                return value * factor;
            }
        }
        return null;
    }

    private static T? ParseChoice<T>(string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Hyphenate(value) == text)
                return value;
        }
        return null;
    }

    private static string Hyphenate<T>(T value)
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    private static int? ParseInteger(string text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? ParseNumber(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static (string Number, string Unit) Split(string text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        return (text[..end], text[end..].Trim());
    }

    private static string Format(TimeSpan time) => time.TotalSeconds < 1
        ? FormattableString.Invariant($"{time.TotalMilliseconds}ms")
        : FormattableString.Invariant($"{time.TotalSeconds}s");
}
