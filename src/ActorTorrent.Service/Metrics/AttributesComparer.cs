using Attribute = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ActorTorrent.Service.Metrics;

/// <summary>Compares the attributes of measurements, in their order; those that are looked for need not be copied.</summary>
internal sealed class AttributesComparer : IEqualityComparer<Attribute[]>, IAlternateEqualityComparer<ReadOnlySpan<Attribute>, Attribute[]>
{
    public bool Equals(Attribute[]? x, Attribute[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.AsSpan(), y));

    public bool Equals(ReadOnlySpan<Attribute> alternate, Attribute[] other)
    {
        if (alternate.Length != other.Length)
            return false;
        for (var i = 0; i < other.Length; i++)
        {
            if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                return false;
        }
        return true;
    }

    public int GetHashCode(Attribute[] obj) => GetHashCode(obj.AsSpan());

    // Instruments have the same names of attributes each time: their values tell them apart.
    public int GetHashCode(ReadOnlySpan<Attribute> alternate)
    {
        var hash = new HashCode();
        foreach (var (_, value) in alternate)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public Attribute[] Create(ReadOnlySpan<Attribute> alternate) => alternate.ToArray();
}
