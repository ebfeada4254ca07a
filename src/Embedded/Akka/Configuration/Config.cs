using Akka.Configuration.Hocon;

namespace Akka.Configuration;

public class Config
{
    public static readonly Config Empty = ConfigurationFactory.ParseString("");

    private readonly HoconValue _own;
    private HoconValue _merged;

    public Config()
        : this(new HoconRoot(new HoconValue(new HoconObject())))
    {
    }

    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root?.Value, nameof(root));
        _own = root.Value;
    }

    public Config(Config source, Config fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        _own = source._own;
        // A fallback that ends the chain already adds nothing.
        Fallback = source.Fallback is null ? fallback
            : fallback is null || ReferenceEquals(source.Fallback, fallback) ? source.Fallback
            : source.Fallback.WithFallback(fallback);
    }

    public Config Fallback { get; }

    public virtual bool IsEmpty => Root.IsEmpty;

    /// <summary>Everything this configuration says, its fallbacks laid under it.</summary>
    public virtual HoconValue Root => _merged ??= Merge();

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    public virtual Config WithFallback(Config fallback)
    {
        if (ReferenceEquals(fallback, this))
            throw new ArgumentException("Config can not have itself as fallback", nameof(fallback));
        return fallback is null ? this : IsEmpty ? fallback : new Config(this, fallback);
    }

    public virtual bool HasPath(string path) => Find(path) is not null;

    public HoconValue GetValue(string path) => Find(path);

    public virtual Config GetConfig(string path) => Find(path) is { } value ? new Config(new HoconRoot(value)) : null;

    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.GetObject()?.Items ?? [];

    public virtual string GetString(string path, string @default = null) => Find(path)?.GetString() ?? @default;

    public virtual bool GetBoolean(string path, bool @default = false) => Find(path)?.GetBoolean() ?? @default;

    public virtual int GetInt(string path, int @default = 0) => Find(path)?.GetInt() ?? @default;

    public virtual long GetLong(string path, long @default = 0) => Find(path)?.GetLong() ?? @default;

    public virtual float GetFloat(string path, float @default = 0) => Find(path)?.GetFloat() ?? @default;

    public virtual double GetDouble(string path, double @default = 0) => Find(path)?.GetDouble() ?? @default;

    public virtual decimal GetDecimal(string path, decimal @default = 0) => Find(path)?.GetDecimal() ?? @default;

    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    public virtual long? GetByteSize(string path, long? def = null) => Find(path)?.GetByteSize() ?? def;

    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Find(path)?.GetTimeSpan(allowInfinite) ?? @default.GetValueOrDefault();

    public virtual IList<string> GetStringList(string path) => Find(path)?.GetStringList() ?? [];

    public virtual IList<int> GetIntList(string path) => Find(path)?.GetIntList() ?? [];

    public override string ToString() => _own.IsObject() ? _own.GetObject().ToString(0) : _own.ToString();

    private HoconValue Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return HoconPath.Find(Root, HoconPath.Split(path), 0);
    }

    private HoconValue Merge()
    {
        if (Fallback is null)
            return _own;
        var below = Fallback.Root;
        return _own.IsObject() && below.IsObject() ? new HoconValue(_own.GetObject().Over(below.GetObject())) : _own.IsEmpty ? below : _own;
    }
}
