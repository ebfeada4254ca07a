using System.Text;

namespace BencodeNET.Objects;

public sealed class BString : BObject<ReadOnlyMemory<byte>>, IComparable<BString>
{
    private Encoding _encoding;

    public BString()
        : this([])
    {
    }

    public BString(byte[] bytes, Encoding encoding = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        _encoding = encoding ?? Encoding.UTF8;
        Value = bytes;
    }

    public BString(string str, Encoding encoding = null)
    {
        _encoding = encoding ?? Encoding.UTF8;
        Value = string.IsNullOrEmpty(str) ? Array.Empty<byte>() : _encoding.GetBytes(str);
    }

    public override ReadOnlyMemory<byte> Value { get; }

    public int Length => Value.Length;

    public Encoding Encoding
    {
        get => _encoding;
        set => _encoding = value ?? Encoding.UTF8;
    }

    public static implicit operator BString(string value) => new(value);

    public static bool operator ==(BString first, BString second) => first?.Equals(second) ?? second is null;

    public static bool operator !=(BString first, BString second) => !(first == second);

    public override int GetSizeInBytes() => Digits.Count(Value.Length) + 1 + Value.Length;

    public int CompareTo(BString other) => other is null ? 1 : Value.Span.SequenceCompareTo(other.Value.Span);

    public bool Equals(BString bstring) => bstring is not null && Value.Span.SequenceEqual(bstring.Value.Span);

    public override bool Equals(object other) => Equals(other as BString);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Value.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => _encoding.GetString(Value.Span);

    public string ToString(Encoding encoding) => (encoding ?? _encoding).GetString(Value.Span);

    protected override void EncodeObject(Stream stream)
    {
        Digits.Write(stream, Value.Length);
        stream.WriteByte((byte)':');
        stream.Write(Value.Span);
    }
}
