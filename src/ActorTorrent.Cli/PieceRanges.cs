using System.Globalization;
using System.Text;

namespace ActorTorrent.Cli;

/// <summary>Numbers of pieces, runs of them drawn together: 0-3,7,9-12.</summary>
internal static class PieceRanges
{
    /// <summary>Writes them.</summary>
    /// <param name="pieces">Numbers in ascending order.</param>
    /// <param name="most">Runs at most; what is left out becomes "...".</param>
    public static string Of(IEnumerable<int> pieces, int most = int.MaxValue)
    {
        var text = new StringBuilder();
        var runs = 0;
        int? first = null;
        var last = 0;
        foreach (var piece in pieces)
        {
            if (first is not null && piece == last + 1)
            {
                last = piece;
                continue;
            }
            if (first is { } start)
                Append(text, start, last, ref runs);
            if (runs == most)
                return text.Append(",...").ToString();
            first = last = piece;
        }
        if (first is { } open)
            Append(text, open, last, ref runs);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int first, int last, ref int runs)
    {
        text.Append(runs++ == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{first}");
        if (last > first)
            text.Append(CultureInfo.InvariantCulture, $"-{last}");
    }
}
