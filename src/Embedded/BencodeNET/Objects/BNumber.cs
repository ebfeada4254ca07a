using System.Globalization;

namespace BencodeNET.Objects;

public sealed class BNumber : BObject<long>, IComparable<BNumber>
{
    public BNumber(long value)
    {
        Value = value;
    }

    public BNumber(DateTime? datetime)
    {
        // Bencode has no dates; torrents count seconds since 1970.
        Value = datetime is { } time ? (long)(time.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds : 0;
    }

    public override long Value { get; }

    public static implicit operator int?(BNumber bint) => bint is null ? null : (int)bint.Value;

    public static implicit operator long?(BNumber bint) => bint?.Value;

    public static implicit operator int(BNumber bint) => bint is null ? throw new InvalidCastException() : (int)bint.Value;

    public static implicit operator long(BNumber bint) => bint is null ? throw new InvalidCastException() : bint.Value;

    public static implicit operator bool(BNumber bint) => bint is null ? throw new InvalidCastException() : bint.Value > 0;

    public static implicit operator DateTime?(BNumber number) => number switch
    {
        null => null,
        { Value: > int.MaxValue } => DateTime.UnixEpoch.AddMilliseconds(number.Value),
        _ => DateTime.UnixEpoch.AddSeconds(number.Value),
    };

    public static implicit operator BNumber(int value) => new(value);

    public static implicit operator BNumber(long value) => new(value);

    public static implicit operator BNumber(bool value) => new(value ? 1 : 0);

    public static implicit operator BNumber(DateTime? datetime) => new(datetime);

    public static bool operator ==(BNumber bnumber, BNumber other) => bnumber?.Value == other?.Value;

    public static bool operator !=(BNumber bnumber, BNumber other) => !(bnumber == other);

    public override int GetSizeInBytes() => Digits.Count(Value) + 2;

    public int CompareTo(BNumber other) => other is null ? 1 : Value.CompareTo(other.Value);

    public override bool Equals(object other) => other is BNumber number && Value == number.Value;

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => Value.ToString(CultureInfo.CurrentCulture);

    public string ToString(string format) => Value.ToString(format, CultureInfo.CurrentCulture);

    public string ToString(IFormatProvider formatProvider) => Value.ToString(formatProvider);

    public string ToString(string format, IFormatProvider formatProvider) => Value.ToString(format, formatProvider);

    protected override void EncodeObject(Stream stream)
    {
        stream.WriteByte((byte)'i');
        Digits.Write(stream, Value);
        stream.WriteByte((byte)'e');
    }
}
