using System.Globalization;
using System.Text;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>Draws results as SVG: wall time and CPU time a GiB, a bar a program.</summary>
internal static class TransferChart
{
    private const int Width = 860;
    private const int NameWidth = 170;
    private const int PanelWidth = 310;
    private const int Gap = 30;
    private const int BarHeight = 15;
    private const int RowGap = 20;
    private const int Top = 56;
    private const int NumberWidth = 46;

    private static readonly (string Title, Func<TransferSummary, double> Of)[] Panels =
    [
        ("wall, s", static s => s.Wall),
        ("CPU of the program, s a GiB", static s => s.CpuPerGibibyte),
    ];

    public static void Write(TransferResults results, string path)
    {
        var rows = TransferRow.All
            .Select(row => (Row: row, Summaries: TransferSummary.Of(row, results.Samples)))
            .Where(static row => row.Summaries.Count > 0)
            .ToArray();
        var height = Top + rows.Sum(static row => (row.Summaries.Count * BarHeight) + RowGap) + 24;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        Text(svg, 10, 20, "Shorter is better; bars longer than the panel are cut", "#555");
        for (var i = 0; i < Panels.Length; i++)
            Text(svg, Left(i), 42, Panels[i].Title, "#000", isBold: true);
        var y = Top;
        foreach (var (row, summaries) in rows)
        {
            Text(svg, 10, y + 11, row.Title, "#000", isBold: true);
            foreach (var (summary, line) in summaries.Select(static (summary, line) => (summary, line)))
            {
                var top = y + (line * BarHeight);
                for (var i = 0; i < Panels.Length; i++)
                    Bar(svg, Left(i), top, summaries, summary, Panels[i].Of);
            }
            y += (summaries.Count * BarHeight) + RowGap;
        }
        var left = 10;
        foreach (var client in Enum.GetValues<TransferClient>())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{y - 4}\" width=\"10\" height=\"10\" fill=\"{Color(client)}\"/>\n");
            Text(svg, left + 15, y + 5, TransferTable.NameOf(client), "#000");
            left += 110;
        }
        svg.Append("</svg>\n");
        File.WriteAllText(path, svg.ToString());
    }

    private static int Left(int panel) => NameWidth + (panel * (PanelWidth + Gap));

    private static void Bar(
        StringBuilder svg, int x, int y, IReadOnlyList<TransferSummary> row, TransferSummary summary, Func<TransferSummary, double> of)
    {
        // A scale a row: four times its shortest bar at least, so that one slow program does not flatten the others.
        var full = Math.Min(row.Max(of), row.Min(of) * 4);
        var length = Math.Min(of(summary) / full, 1) * (PanelWidth - NumberWidth);
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y + 1}\" width=\"{length:0.0}\" height=\"{BarHeight - 3}\" fill=\"{Color(summary.Client)}\"/>\n");
        var mark = of(summary) > full ? "»" : "";
        Text(svg, x + length + 4, y + 11, $"{mark}{of(summary).ToString("0.00", CultureInfo.InvariantCulture)}", "#333");
    }

    private static void Text(StringBuilder svg, double x, int y, string text, string color, bool isBold = false) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.0}\" y=\"{y}\" fill=\"{color}\"{(isBold ? " font-weight=\"bold\"" : "")}>{text}</text>\n");

    private static string Color(TransferClient client) => client switch
    {
        TransferClient.Ours => "#1769aa",
        TransferClient.Libtorrent => "#b8860b",
        TransferClient.Aria2 => "#7a9a5a",
        TransferClient.Transmission => "#a0a0a0",
        _ => throw new ArgumentOutOfRangeException(nameof(client)),
    };
}
