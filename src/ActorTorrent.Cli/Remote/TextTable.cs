using System.Text;
using Spectre.Console.Rendering;

namespace ActorTorrent.Cli.Remote;

/// <summary>Rows of cells as lines of text, in columns as wide as they have to be, and no line wider than there is room.</summary>
internal static class TextTable
{
    /// <summary>No column is cut to less.</summary>
    private const int Narrowest = 6;

    /// <summary>The head and a line a row.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The cells, a row an item.</param>
    /// <param name="width">Room in a line, in cells of a terminal.</param>
    /// <param name="gap">Room between columns.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<TextColumn> columns, IReadOnlyList<string[]> rows, int width = int.MaxValue, int gap = 2)
    {
        string[][] all = [[.. columns.Select(static column => column.Head)], .. rows];
        var widths = columns.Select((_, column) => all.Max(row => WidthOf(row[column]))).ToArray();
        var excess = widths.Sum() + ((columns.Count - 1) * gap) - width;
        // The last columns matter least.
        for (var column = columns.Count - 1; column >= 0 && excess > 0; column--)
        {
            if (!columns[column].Shrinks)
                continue;
            var cut = Math.Clamp(widths[column] - Narrowest, 0, excess);
            widths[column] -= cut;
            excess -= cut;
        }
        return [.. all.Select(row => Cut(Line(columns, widths, row, gap), width))];
    }

    /// <summary>A text that takes no more room than there is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The room, in cells of a terminal.</param>
    public static string Cut(string text, int width)
    {
        if (WidthOf(text) <= width)
            return text;
        var cut = width < 1 ? "" : Segment.Truncate(new Segment(text), width - 1)?.Text ?? "";
        // Half of a wide character is none, and half of a pair is none.
        while (cut.Length > 0 && (WidthOf(cut) >= width || char.IsHighSurrogate(cut[^1])))
            cut = cut[..^1];
        return width < 1 ? "" : cut + "…";
    }

    private static string Line(IReadOnlyList<TextColumn> columns, int[] widths, string[] row, int gap)
    {
        var line = new StringBuilder();
        for (var column = 0; column < columns.Count; column++)
        {
            if (column > 0)
                line.Append(' ', gap);
            var cell = Cut(row[column], widths[column]);
            var pad = widths[column] - WidthOf(cell);
            if (columns[column].IsNumber)
                line.Append(' ', pad).Append(cell);
            else
                line.Append(cell).Append(' ', pad);
        }
        return line.ToString().TrimEnd();
    }

    private static int WidthOf(string text) => text.Length == 0 ? 0 : new Segment(text).CellCount();
}
