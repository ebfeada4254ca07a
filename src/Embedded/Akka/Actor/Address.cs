namespace Akka.Actor;

public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable
{
    public static readonly Address AllSystems = new("akka", "all-systems");

    private readonly string _text;

    public Address(string protocol, string system, string host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
        _text = host is null ? $"{protocol}://{system}" : $"{protocol}://{system}@{host}{(port is null ? "" : $":{port}")}";
    }

    public string Protocol { get; }

    public string System { get; }

    public string Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    public static bool operator ==(Address left, Address right) => Equals(left, right);

    public static bool operator !=(Address left, Address right) => !Equals(left, right);

    public static bool TryParse(string path, out Address address)
    {
        address = null;
        var scheme = path?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme <= 0)
            return false;
        var protocol = path[..scheme];
        if (!protocol.StartsWith("akka", StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = path[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        if (slash >= 0)
            rest = rest[..slash];
        if (rest.Length == 0)
            return false;
        var at = rest.IndexOf('@');
        if (at < 0)
        {
            address = new Address(protocol, rest);
            return true;
        }

        var colon = rest.LastIndexOf(':');
        if (colon < at || !int.TryParse(rest.AsSpan(colon + 1), out var port))
            return false;
        address = new Address(protocol, rest[..at], rest[(at + 1)..colon], port);
        return true;
    }

    public bool Equals(Address other) => other is not null && (ReferenceEquals(this, other) || _text == other._text);

    public override bool Equals(object obj) => Equals(obj as Address);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(Address other) => string.CompareOrdinal(_text, other?._text);

    int IComparable.CompareTo(object obj) => obj is Address other
        ? CompareTo(other)
        : throw new ArgumentException($"Cannot compare {nameof(Address)} with instance of type '{obj?.GetType().FullName ?? "null"}'.");

    public override string ToString() => _text;
}
