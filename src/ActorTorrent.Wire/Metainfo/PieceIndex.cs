using System.Globalization;

namespace ActorTorrent.Wire.Metainfo;

/// <summary>The zero-based number of a piece.</summary>
/// <param name="Value">The number; a valid one is in [0, piece count).</param>
public readonly record struct PieceIndex(int Value) : IComparable<PieceIndex>
{
    /// <inheritdoc/>
    public int CompareTo(PieceIndex other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(PieceIndex left, PieceIndex right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/> or is the same.</summary>
    public static bool operator <=(PieceIndex left, PieceIndex right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(PieceIndex left, PieceIndex right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/> or is the same.</summary>
    public static bool operator >=(PieceIndex left, PieceIndex right) => left.Value >= right.Value;
}
