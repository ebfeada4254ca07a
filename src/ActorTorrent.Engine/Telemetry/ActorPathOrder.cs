using System.Globalization;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>Orders paths so that each follows its parent, and <c>peer-10</c> follows <c>peer-9</c>.</summary>
internal sealed class ActorPathOrder : IComparer<string>
{
    private const int LongestNumber = 18;

    public static readonly ActorPathOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var left = (x ?? "").AsSpan();
        var right = (y ?? "").AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var order = CompareNames(TakeName(ref left), TakeName(ref right));
            if (order != 0)
                return order;
        }
        return left.Length.CompareTo(right.Length);
    }

    private static ReadOnlySpan<char> TakeName(ref ReadOnlySpan<char> path)
    {
        var end = path.IndexOf('/');
        var name = end < 0 ? path : path[..end];
        path = end < 0 ? [] : path[(end + 1)..];
        return name;
    }

    private static int CompareNames(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var leftNumber = NumberOf(left);
        var rightNumber = NumberOf(right);
        return leftNumber is null || rightNumber is null || !left[..left.LastIndexOf('-')].SequenceEqual(right[..right.LastIndexOf('-')])
            ? left.SequenceCompareTo(right)
            : leftNumber.Value.CompareTo(rightNumber.Value);
    }

    private static long? NumberOf(ReadOnlySpan<char> name)
    {
        var digits = name[(name.LastIndexOf('-') + 1)..];
        return digits.Length < name.Length && digits.Length <= LongestNumber
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}
