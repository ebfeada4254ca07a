using System.Buffers;

namespace Akka.Actor;

public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + ValidSymbols);

    private readonly ActorPath _parent;
    private readonly object _addressOrNull;

    protected ActorPath(Address address, string name)
    {
        _addressOrNull = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public string Name { get; }

    public long Uid { get; }

    public int Depth { get; }

    public ActorPath Parent => _parent ?? this;

    public ActorPath Root
    {
        get
        {
            var path = this;
            while (path._parent is not null)
                path = path._parent;
            return path;
        }
    }

    public Address Address => (Address)Root._addressOrNull;

    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var i = Depth - 1; i >= 0; i--)
            {
                elements[i] = path.Name;
                path = path._parent;
            }

            return elements;
        }
    }

    public static ActorPath operator /(ActorPath path, string name)
    {
        var at = name.IndexOf('#');
        return at < 0
            ? new ChildActorPath(path, name, 0)
            : new ChildActorPath(path, name[..at], long.Parse(name.AsSpan(at + 1), global::System.Globalization.CultureInfo.InvariantCulture));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
        {
            if (!string.IsNullOrEmpty(element))
                path /= element;
        }

        return path;
    }

    public static bool operator ==(ActorPath left, ActorPath right) => Equals(left, right);

    public static bool operator !=(ActorPath left, ActorPath right) => !Equals(left, right);

    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        var rest = s.AsSpan();
        while (true)
        {
            var at = rest.IndexOfAnyExcept(NameCharacters);
            if (at < 0)
                return true;
            if (rest[at] != '%' || at + 2 >= rest.Length || !char.IsAsciiHexDigit(rest[at + 1]) || !char.IsAsciiHexDigit(rest[at + 2]))
                return false;
            rest = rest[(at + 3)..];
        }
    }

    public static ActorPath Parse(string path) =>
        TryParse(path, out var result) ? result : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null;
        if (!Akka.Actor.Address.TryParse(path, out var address))
            return false;
        var rest = path[(path.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var slash = rest.IndexOf('/');
        ActorPath result = new RootActorPath(address);
        if (slash >= 0)
            result /= rest[(slash + 1)..].Split('/');
        actorPath = result;
        return true;
    }

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    public string ToStringWithoutAddress() => FormatPathElements(Elements);

    public string ToStringWithUid() => Uid == 0 ? ToString() : $"{ToString()}#{Uid}";

    public bool Equals(ActorPath other)
    {
        if (other is null || Depth != other.Depth)
            return false;
        ActorPath a = this, b = other;
        while (!ReferenceEquals(a, b))
        {
            if (a._parent is null)
                return Equals(a._addressOrNull, b._addressOrNull) && a.Name == b.Name;
            if (a.Name != b.Name)
                return false;
            a = a._parent;
            b = b._parent;
        }

        return true;
    }

    public override bool Equals(object obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        var hash = 17;
        for (var path = this; path is not null; path = path._parent)
            hash = (hash * 31) + path.Name.GetHashCode(StringComparison.Ordinal);
        return hash;
    }

    public int CompareTo(ActorPath other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => Depth == 0 ? $"{Address}/" : $"{Address}{ToStringWithoutAddress()}";
}
