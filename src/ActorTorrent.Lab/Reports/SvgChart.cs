using System.Globalization;
using System.Net;
using System.Text;

namespace ActorTorrent.Lab.Reports;

/// <summary>
/// Draws charts as SVG that needs neither scripts nor anything else: readable in a browser, a README, a paper, on light and dark ground. Colours
/// come from <see cref="Style"/>, which the page that a chart stands in has to hold; <see cref="Alone"/> puts it into a chart that stands alone.
/// </summary>
public static class SvgChart
{
    /// <summary>
    /// The colours, for light and for dark ground. Series have those of Okabe and Ito, which the colour-blind tell apart (for dark ground,
    /// lighter ones).
    /// </summary>
    public const string Style = """
        .c-ground{fill:#fff}.c-ink{fill:#222}.c-soft{fill:#555}.c-grid{stroke:#e2e2e2}.c-axis{stroke:#777}.c-mark{stroke:#b00020}.c-markt{fill:#b00020}.c-whisker{stroke:#222}.c-dot{fill:#fff;stroke:#222}
        .c-s0{stroke:#0072b2;fill:#0072b2}.c-s1{stroke:#d55e00;fill:#d55e00}.c-s2{stroke:#009e73;fill:#009e73}.c-s3{stroke:#cc79a7;fill:#cc79a7}.c-s4{stroke:#e69f00;fill:#e69f00}.c-s5{stroke:#56b4e9;fill:#56b4e9}.c-s6{stroke:#000;fill:#000}.c-s7{stroke:#8a7f00;fill:#8a7f00}
        @media(prefers-color-scheme:dark){
        .c-ground{fill:#16181c}.c-ink{fill:#e8e8e8}.c-soft{fill:#a8adb5}.c-grid{stroke:#30343b}.c-axis{stroke:#8b919a}.c-mark{stroke:#ff8a80}.c-markt{fill:#ff8a80}.c-whisker{stroke:#f2f2f2}.c-dot{fill:#16181c;stroke:#f2f2f2}
        .c-s0{stroke:#4aa8e0;fill:#4aa8e0}.c-s1{stroke:#f58a42;fill:#f58a42}.c-s2{stroke:#2ec79b;fill:#2ec79b}.c-s3{stroke:#e3a1c6;fill:#e3a1c6}.c-s4{stroke:#f2bd4b;fill:#f2bd4b}.c-s5{stroke:#9bd4f5;fill:#9bd4f5}.c-s6{stroke:#d8d8d8;fill:#d8d8d8}.c-s7{stroke:#cfc04a;fill:#cfc04a}
        }
        """;

    private const double Width = 860;
    private const double Height = 320;
    private const double Left = 74;
    private const double Right = 18;
    private const double Top = 56;
    private const double Bottom = 58;
    private const double LetterWidth = 6.4;
    private const int Ticks = 6;
    private const int Colours = 8;
    private const int MostPoints = 600;
    private const string Font = "font-family=\"system-ui,sans-serif\" font-size=\"12\"";
    private const string OpenTag = "</title>";

    /// <summary>Lines over time.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="unit">What the vertical axis counts.</param>
    /// <param name="series">The lines.</param>
    /// <param name="marks">Moments, shown as broken upright lines.</param>
    public static string Lines(string title, string unit, IReadOnlyList<ChartSeries> series, IReadOnlyList<double>? marks = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        var points = series.SelectMany(static line => line.Points).ToArray();
        var most = points.Length == 0 ? 1 : Math.Max(1e-9, points.Max(static point => point.X));
        var svg = Open(title, unit, points.Length == 0 ? 1 : points.Max(static point => point.Y), out var top);
        var step = NiceStep(most);
        for (var x = 0.0; x <= most * 1.0001; x += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(x):0.#}\" y1=\"{Height - Bottom}\" x2=\"{X(x):0.#}\" y2=\"{Height - Bottom + 5}\" class=\"c-axis\"/>");
            Text(svg, X(x), Height - Bottom + 19, "middle", Tick(x, step));
        }
        Text(svg, Left + ((Width - Left - Right) / 2), Height - 14, "middle", "time, s");
        foreach (var mark in (marks ?? []).Where(mark => mark <= most))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(mark):0.#}\" y1=\"{Top}\" x2=\"{X(mark):0.#}\" y2=\"{Height - Bottom}\" class=\"c-mark\" stroke-dasharray=\"3 3\"/>");
            Text(svg, X(mark), Top - 4, "middle", "▾", "c-markt");
        }
        foreach (var line in series.OrderByDescending(static line => line.IsFaint))
        {
            var every = Math.Max(1, line.Points.Count / MostPoints);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<polyline class=\"c-s{line.Colour % Colours}\" style=\"fill:none\" stroke-linejoin=\"round\" stroke-width=\"{(line.IsFaint ? "1" : "2")}\"{(line.IsFaint ? " stroke-opacity=\"0.3\"" : "")} points=\"");
            for (var p = 0; p < line.Points.Count; p += every)
                svg.Append(CultureInfo.InvariantCulture, $"{X(line.Points[p].X):0.#},{Y(line.Points[p].Y):0.#} ");
            svg.Append("\"/>");
        }
        Legend(svg, [.. series.Where(static line => !line.IsFaint).Select(static line => (line.Name, line.Colour))]);
        return svg.Append("</svg>").ToString();

        double X(double value) => Left + (value / most * (Width - Left - Right));

        double Y(double value) => Height - Bottom - (value / top * (Height - Top - Bottom));
    }

    /// <summary>Means as bars with their 95 % confidence intervals, and the values that they are of as dots.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="unit">What the vertical axis counts.</param>
    /// <param name="bars">The bars.</param>
    public static string Bars(string title, string unit, IReadOnlyList<ChartBar> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var svg = Open(title, unit, bars.Count == 0 ? 1 : bars.Max(static bar => Math.Max(double.IsNaN(bar.Estimate.High) ? 0 : bar.Estimate.High, bar.Values.Append(bar.Estimate.Mean).Max())), out var top);
        var place = (Width - Left - Right) / Math.Max(1, bars.Count);
        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, estimate) = (bars[i], bars[i].Estimate);
            var middle = Left + (place * (i + 0.5));
            var half = Math.Min(60, place * 0.3);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{middle - half:0.#}\" y=\"{Y(estimate.Mean):0.#}\" width=\"{2 * half:0.#}\" height=\"{Math.Max(0, Height - Bottom - Y(estimate.Mean)):0.#}\" class=\"c-s{i % Colours}\" fill-opacity=\"{(bar.IsLowerBound ? "0.15" : "0.7")}\"{(bar.IsLowerBound ? " stroke-dasharray=\"4 3\"" : "")}/>");
            for (var v = 0; v < bar.Values.Count; v++)
            {
                var across = bar.Values.Count == 1 ? 0 : ((double)v / (bar.Values.Count - 1)) - 0.5;
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{middle + (across * half):0.#}\" cy=\"{Y(bar.Values[v]):0.#}\" r=\"3\" class=\"c-dot\"/>");
            }
            if (!double.IsNaN(estimate.HalfWidth) && !bar.IsLowerBound)
            {
                var (high, low) = (Y(estimate.High), Y(Math.Max(0, estimate.Low)));
                var right = middle + (half * 0.75);
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<path d=\"M{right:0.#} {high:0.#}V{low:0.#}M{right - 7:0.#} {high:0.#}h14M{right - 7:0.#} {low:0.#}h14\" class=\"c-whisker\" stroke-width=\"1.8\" fill=\"none\"/>");
            }
            Text(svg, middle, Height - Bottom + 18, "middle", Shortened(bar.Name, place), "c-ink");
            Text(svg, middle, Height - Bottom + 35, "middle", Shortened(bar.Text, place));
        }
        return svg.Append("</svg>").ToString();

        double Y(double value) => Height - Bottom - (value / top * (Height - Top - Bottom));
    }

    /// <summary>A chart for a file of its own.</summary>
    /// <param name="chart">One that this class has drawn.</param>
    public static string Alone(string chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return chart.Insert(chart.IndexOf(OpenTag, StringComparison.Ordinal) + OpenTag.Length, $"<style>{Style}</style>");
    }

    private static StringBuilder Open(string title, string unit, double most, out double top)
    {
        var svg = new StringBuilder();
        var label = WebUtility.HtmlEncode($"{title}, {unit}");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-label=\"{label}\" {Font}><title>{label}{OpenTag}<rect width=\"{Width}\" height=\"{Height}\" class=\"c-ground\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\" font-size=\"15\" font-weight=\"600\" class=\"c-ink\">{WebUtility.HtmlEncode(title)}</text>");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text transform=\"translate(16 {Top + ((Height - Top - Bottom) / 2):0.#}) rotate(-90)\" text-anchor=\"middle\" class=\"c-soft\">{WebUtility.HtmlEncode(unit)}</text>");
        var step = NiceStep(most);
        top = Math.Max(step, Math.Ceiling((most / step) - 0.0001) * step);
        for (var value = 0.0; value <= top * 1.0001; value += step)
        {
            var y = Height - Bottom - ((Height - Top - Bottom) * value / top);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{Width - Right}\" y2=\"{y:0.#}\" class=\"{(value == 0 ? "c-axis" : "c-grid")}\"/>");
            Text(svg, Left - 8, y + 4, "end", Tick(value, step));
        }
        return svg;
    }

    private static void Legend(StringBuilder svg, (string Name, int Colour)[] names)
    {
        var x = Left;
        foreach (var (name, colour) in names)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"33\" width=\"16\" height=\"4\" class=\"c-s{colour % Colours}\"/>");
            Text(svg, x + 21, 39, "start", name);
            x += 40 + (name.Length * LetterWidth);
        }
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text, string style = "c-soft") => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" class=\"{style}\">{WebUtility.HtmlEncode(text)}</text>");

    private static string Shortened(string text, double width)
    {
        var letters = Math.Max(4, (int)(width / LetterWidth));
        return text.Length <= letters ? text : $"{text.AsSpan(0, letters - 1)}…";
    }

    /// <summary>The distance of an axis' numbers: 1, 2 or 5 of a power of ten.</summary>
    private static double NiceStep(double most)
    {
        if (!(most > 0))
            return 1;
        var rough = most / Ticks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double[] steps = [1, 2, 5, 10];
        return steps.First(step => step * power >= rough * 0.9999) * power;
    }

    private static string Tick(double value, double step) =>
        value.ToString($"F{Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 0.0001))}", CultureInfo.InvariantCulture);
}
