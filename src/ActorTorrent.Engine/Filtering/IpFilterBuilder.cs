namespace ActorTorrent.Engine.Filtering;

/// <summary>Gathers ranges of addresses, in any order.</summary>
internal sealed class IpFilterBuilder
{
    private const int Start = 1024;

    private uint[] _first4 = [];
    private uint[] _last4 = [];
    private int _count4;
    private UInt128[] _first6 = [];
    private UInt128[] _last6 = [];
    private int _count6;

    /// <summary>Ranges gathered.</summary>
    public int Count => _count4 + _count6;

    /// <summary>Adds a range of IPv4 addresses; false when it ends before it begins.</summary>
    public bool Add(uint first, uint last) => Add(ref _first4, ref _last4, ref _count4, first, last);

    /// <summary>Adds a range of IPv6 addresses; false when it ends before it begins.</summary>
    public bool Add(UInt128 first, UInt128 last) => Add(ref _first6, ref _last6, ref _count6, first, last);

    /// <summary>The filter. The builder is of no use afterwards.</summary>
    public IpFilter Build() => new(new IpRanges<uint>(_first4, _last4, _count4), new IpRanges<UInt128>(_first6, _last6, _count6));

    private static bool Add<T>(ref T[] firsts, ref T[] lasts, ref int count, T first, T last)
        where T : IComparable<T>
    {
        if (first.CompareTo(last) > 0)
            return false;
        if (count == firsts.Length)
        {
            Array.Resize(ref firsts, Math.Max(Start, count * 2));
            Array.Resize(ref lasts, Math.Max(Start, count * 2));
        }
        firsts[count] = first;
        lasts[count++] = last;
        return true;
    }
}
