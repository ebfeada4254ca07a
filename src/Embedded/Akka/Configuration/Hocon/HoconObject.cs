using System.Text;

namespace Akka.Configuration.Hocon;

public class HoconObject
{
    public HoconObject()
    {
    }

    public Dictionary<string, HoconValue> Items { get; } = new(StringComparer.Ordinal);

    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key);

    public override string ToString() => ToString(0);

    public string ToString(int indent)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Items)
            text.Append(' ', indent * 2).Append(HoconText.Key(key)).Append(" : ").Append(value.ToString(indent)).Append("\r\n");
        return text.ToString();
    }

    /// <summary>This object's values over those of another; objects on both sides are laid over each other in turn.</summary>
    internal HoconObject Over(HoconObject lower)
    {
        var merged = new HoconObject();
        foreach (var (key, value) in Items)
        {
            merged.Items[key] = lower.Items.TryGetValue(key, out var below) && value.IsObject() && below.IsObject()
                ? new HoconValue(value.GetObject().Over(below.GetObject()))
                : value;
        }

        foreach (var (key, value) in lower.Items)
            merged.Items.TryAdd(key, value);
        return merged;
    }
}
