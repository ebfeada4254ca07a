using System.Globalization;
using System.Text.Json;
using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>
/// An object of a scenario file while it is read: each property is asked for by name, with what it may be; what is wrong is gathered with
/// its path, and so are properties that nobody asked for.
/// </summary>
internal sealed class ScenarioSection
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    private readonly JsonElement _element;
    private readonly string _path;
    private readonly List<string> _faults;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ScenarioSection(JsonElement element, string path, List<string> faults)
    {
        _element = element;
        _path = path;
        _faults = faults;
        if (element.ValueKind != JsonValueKind.Object)
            Fault("", Describe(element), "an object");
    }

    /// <summary>Whether a property is there.</summary>
    public bool Has(string name) => Find(name) is not null;

    public string Text(string name, string fallback, bool isNeeded = false)
    {
        if (Find(name) is not { } value)
        {
            if (isNeeded)
                _faults.Add($"{_path}.{name}: is missing; it must be a text.");
            return fallback;
        }
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
            return text;
        Fault(name, Describe(value), "a text that is not empty");
        return fallback;
    }

    public bool Flag(string name, bool fallback)
    {
        if (Find(name) is not { } value)
            return fallback;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Fault(name, Describe(value), "true or false");
        return fallback;
    }

    public int Whole(string name, int fallback, int min, int max)
    {
        if (Find(name) is not { } value)
            return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        Fault(name, Describe(value), string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
        return fallback;
    }

    public double Number(string name, double fallback, double min, double max)
    {
        if (Find(name) is not { } value)
            return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max)
            return number;
        Fault(name, Describe(value), string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
        return fallback;
    }

    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan min = default)
    {
        if (Duration(name) is not { } duration)
            return fallback;
        if (duration >= min)
            return duration;
        Fault(name, Describe(Find(name)!.Value), string.Create(CultureInfo.InvariantCulture, $"a duration of at least {min.TotalMilliseconds}ms"));
        return fallback;
    }

    public TimeSpan? Duration(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && TryDuration(value.GetString()!, out var duration))
            return duration;
        Fault(name, Describe(value), "a duration of at most a day, such as \"250ms\", \"10s\" or \"5m\"");
        return null;
    }

    /// <summary>A size or a rate, such as <c>64MiB</c> or <c>512KiB/s</c>.</summary>
    public long? Bytes(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && ByteRate.TryParse(value.GetString()!, out var rate))
            return rate.IsUnlimited ? null : rate.BytesPerSecond;
        Fault(name, Describe(value), "a size or rate such as \"64MiB\" or \"512KiB/s\"");
        return null;
    }

    /// <summary>A number of bytes within bounds.</summary>
    public long Size(string name, long fallback, long min, long max)
    {
        if (Find(name) is not { } value)
            return fallback;
        if (value.ValueKind == JsonValueKind.String && ByteRate.TryParse(value.GetString()!, out var size) && !size.IsUnlimited
            && size.BytesPerSecond is { } bytes && bytes >= min && bytes <= max)
        {
            return bytes;
        }
        Fault(name, Describe(value), string.Create(CultureInfo.InvariantCulture, $"a size from {Bytes(min)} to {Bytes(max)}, such as \"{Bytes(fallback)}\""));
        return fallback;
    }

    /// <summary>One of an enumeration's names, in lower case with hyphens between the words.</summary>
    public T Choice<T>(string name, T fallback)
        where T : struct, Enum
    {
        if (Find(name) is not { } value)
            return fallback;
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach (var choice in Enum.GetValues<T>())
            {
                if (ScenarioNames.Of(choice) == value.GetString())
                    return choice;
            }
        }
        Fault(name, Describe(value), $"one of {string.Join(", ", Enum.GetValues<T>().Select(ScenarioNames.Of))}");
        return fallback;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(static item => item.GetString()!)];
        Fault(name, Describe(value), "a list of texts");
        return [];
    }

    /// <summary>An object, read by a function; null when it is not there.</summary>
    public T? Section<T>(string name, Func<ScenarioSection, T> read)
        where T : class
    {
        if (Find(name) is not { } value)
            return null;
        var section = new ScenarioSection(value, $"{_path}.{name}", _faults);
        var result = read(section);
        section.Finish();
        return result;
    }

    /// <summary>A list of objects, each read by a function.</summary>
    public IReadOnlyList<T> Sections<T>(string name, Func<ScenarioSection, T> read)
    {
        if (Find(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(name, Describe(value), "a list");
            return [];
        }
        var results = new List<T>();
        foreach (var item in value.EnumerateArray())
        {
            var section = new ScenarioSection(item, string.Create(CultureInfo.InvariantCulture, $"{_path}.{name}[{results.Count}]"), _faults);
            results.Add(read(section));
            section.Finish();
        }
        return results;
    }

    /// <summary>Says that a value, right by itself, cannot be.</summary>
    public void Refuse(string name, string why) => _faults.Add($"{_path}.{name}: {why}");

    /// <summary>Ends the reading: what nobody asked for is unknown.</summary>
    public void Finish()
    {
        if (_element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in _element.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
                _faults.Add($"{_path}.{property.Name}: is unknown; known there: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds <= 86_400)
            {
                duration = TimeSpan.FromSeconds(number * seconds);
                return true;
            }
        }
        return false;
    }

    private static string Bytes(long count) => count switch
    {
        >= 1 << 30 when count % (1 << 30) == 0 => FormattableString.Invariant($"{count >> 30}GiB"),
        >= 1 << 20 when count % (1 << 20) == 0 => FormattableString.Invariant($"{count >> 20}MiB"),
        >= 1 << 10 when count % (1 << 10) == 0 => FormattableString.Invariant($"{count >> 10}KiB"),
        _ => FormattableString.Invariant($"{count}B"),
    };

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out var value) ? value : null;
    }

    private void Fault(string name, string found, string allowed) =>
        _faults.Add($"{(name.Length == 0 ? _path : $"{_path}.{name}")}: is {found}; it must be {allowed}.");

    private static string Describe(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : $"{text[..60]}…";
    }
}
