using System.Numerics;

namespace ActorTorrent.Engine.Filtering;

/// <summary>Ranges of numbers, first and last included, in order and apart from each other.</summary>
internal sealed class IpRanges<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly T[] _first;
    private readonly T[] _last;

    /// <summary>Takes over the arrays, of which the first <paramref name="count"/> entries count: sorts and merges them in place.</summary>
    public IpRanges(T[] first, T[] last, int count)
    {
        if (!IsSorted(first, count))
            Array.Sort(first, last, 0, count);
        Count = Merge(first, last, count);
        // What is left over is not worth a copy unless it is much.
        if (Count < first.Length / 2)
        {
            Array.Resize(ref first, Count);
            Array.Resize(ref last, Count);
        }
        _first = first;
        _last = last;
    }

    public int Count { get; }

    public bool Contains(T number)
    {
        var at = Array.BinarySearch(_first, 0, Count, number);
        if (at >= 0)
            return true;
        var before = ~at - 1;
        return before >= 0 && number <= _last[before];
    }

    private static bool IsSorted(T[] first, int count)
    {
        for (var i = 1; i < count; i++)
        {
            if (first[i] < first[i - 1])
                return false;
        }
        return true;
    }

    private static int Merge(T[] first, T[] last, int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (kept > 0 && (last[kept - 1] == T.MaxValue || first[i] <= last[kept - 1] + T.One))
            {
                if (last[i] > last[kept - 1])
                    last[kept - 1] = last[i];
                continue;
            }
            first[kept] = first[i];
            last[kept++] = last[i];
        }
        return kept;
    }
}
