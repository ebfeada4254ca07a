using System.Globalization;

namespace Akka.Configuration.Hocon;

public class HoconValue
{
    private readonly object _content;

    public HoconValue()
    {
    }

    /// <summary>A value of an object, a list of values, or a text.</summary>
    internal HoconValue(object content)
    {
        _content = content;
    }

    public bool IsEmpty => _content is null || _content is HoconObject { Items.Count: 0 };

    public bool IsString() => _content is string;

    public bool IsArray() => _content is List<HoconValue>;

    public bool IsObject() => _content is HoconObject;

    public HoconObject GetObject() => _content as HoconObject;

    public Config ToConfig() => new(new HoconRoot(this));

    public string GetString() => _content as string;

    public IList<HoconValue> GetArray() => _content as List<HoconValue>
        ?? throw new InvalidOperationException("This value is not a list.");

    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        var other => throw new NotSupportedException($"Unknown boolean format: {other}"),
    };

    public int GetInt() => Parse(static t => int.Parse(t, NumberStyles.Integer, CultureInfo.InvariantCulture));

    public long GetLong() => Parse(static t => long.Parse(t, NumberStyles.Integer, CultureInfo.InvariantCulture));

    public double GetDouble() => Parse(static t => double.Parse(t, NumberStyles.Float, CultureInfo.InvariantCulture));

    public float GetFloat() => Parse(static t => float.Parse(t, NumberStyles.Float, CultureInfo.InvariantCulture));

    public decimal GetDecimal() => Parse(static t => decimal.Parse(t, NumberStyles.Float, CultureInfo.InvariantCulture));

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.Duration(GetString(), allowInfinite);

    public long? GetByteSize() => HoconUnits.Size(GetString());

    public IList<string> GetStringList() => ListOf(static v => v.GetString());

    public IList<int> GetIntList() => ListOf(static v => v.GetInt());

    public override string ToString() => ToString(0);

    public virtual string ToString(int indent) => _content switch
    {
        HoconObject value => $"{{\r\n{value.ToString(indent + 1)}{new string(' ', indent * 2)}}}",
        List<HoconValue> list => $"[{string.Join(',', list.Select(v => v.ToString(indent + 1)))}]",
        string text => HoconText.Value(text),
        _ => "null",
    };

    private List<T> ListOf<T>(Func<HoconValue, T> convert) => [.. GetArray().Select(convert)];

    private T Parse<T>(Func<string, T> parse)
    {
        var text = GetString() ?? throw new FormatException("The value is not a number.");
        return parse(text.Trim());
    }
}
