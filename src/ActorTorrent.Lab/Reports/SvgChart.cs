using System.Globalization;
using System.Net;
using System.Text;

namespace ActorTorrent.Lab.Reports;

/// <summary>Draws charts as SVG that needs neither scripts nor anything else: readable in a browser, a README, a paper.</summary>
public static class SvgChart
{
    private const double Width = 860;
    private const double Height = 300;
    private const double Left = 64;
    private const double Right = 16;
    private const double Top = 46;
    private const double Bottom = 42;
    private const int Ticks = 5;
    private const int MostPoints = 600;
    private const string Font = "font-family=\"system-ui,sans-serif\" font-size=\"12\"";

    /// <summary>Colours that the colour-blind tell apart (Okabe and Ito).</summary>
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a7f00"];

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
        var top = Ceiling(points.Length == 0 ? 1 : points.Max(static point => point.Y));
        var svg = Open(title, unit, top, Height);
        for (var i = 0; i <= Ticks; i++)
        {
            var x = X(most * i / Ticks);
            Text(svg, x, Height - Bottom + 18, "middle", Measure.Number(most * i / Ticks));
        }
        Text(svg, Left + ((Width - Left - Right) / 2), Height - 6, "middle", "seconds");
        foreach (var mark in marks ?? [])
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(mark):0.#}\" y1=\"{Top}\" x2=\"{X(mark):0.#}\" y2=\"{Height - Bottom}\" stroke=\"#b00\" stroke-dasharray=\"3 3\"/>");
        }
        for (var i = 0; i < series.Count; i++)
        {
            var step = Math.Max(1, series[i].Points.Count / MostPoints);
            svg.Append("<polyline fill=\"none\" stroke-width=\"1.8\" stroke=\"").Append(Colours[i % Colours.Length]).Append("\" points=\"");
            for (var p = 0; p < series[i].Points.Count; p += step)
                svg.Append(CultureInfo.InvariantCulture, $"{X(series[i].Points[p].X):0.#},{Y(series[i].Points[p].Y):0.#} ");
            svg.Append("\"/>");
        }
        Legend(svg, [.. series.Select(static line => line.Name)]);
        return svg.Append("</svg>").ToString();

        double X(double value) => Left + (value / most * (Width - Left - Right));

        double Y(double value) => Height - Bottom - (value / top * (Height - Top - Bottom));
    }

    /// <summary>Means as bars with their 95 % confidence intervals.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="unit">What the vertical axis counts.</param>
    /// <param name="bars">Names, estimates, and how they are told in words.</param>
    public static string Bars(string title, string unit, IReadOnlyList<(string Name, Estimate Estimate, string Text)> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var top = Ceiling(bars.Count == 0 ? 1 : bars.Max(static bar => double.IsNaN(bar.Estimate.High) ? bar.Estimate.Mean : bar.Estimate.High));
        var svg = Open(title, unit, top, Height);
        var place = (Width - Left - Right) / Math.Max(1, bars.Count);
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, estimate, text) = bars[i];
            var middle = Left + (place * (i + 0.5));
            var half = Math.Min(60, place * 0.3);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{middle - half:0.#}\" y=\"{Y(estimate.Mean):0.#}\" width=\"{2 * half:0.#}\" height=\"{Math.Max(0, Height - Bottom - Y(estimate.Mean)):0.#}\" fill=\"{Colours[i % Colours.Length]}\" fill-opacity=\"0.75\"/>");
            if (!double.IsNaN(estimate.HalfWidth))
            {
                var (high, low) = (Y(estimate.High), Y(Math.Max(0, estimate.Low)));
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<path d=\"M{middle:0.#} {high:0.#}V{low:0.#}M{middle - 8:0.#} {high:0.#}h16M{middle - 8:0.#} {low:0.#}h16\" stroke=\"#222\" stroke-width=\"1.6\" fill=\"none\"/>");
            }
            Text(svg, middle, Height - Bottom + 16, "middle", name);
            Text(svg, middle, Height - Bottom + 32, "middle", text);
        }
        return svg.Append("</svg>").ToString();

        double Y(double value) => Height - Bottom - (value / top * (Height - Top - Bottom));
    }

    private static StringBuilder Open(string title, string unit, double top, double height)
    {
        var svg = new StringBuilder();
        var label = WebUtility.HtmlEncode($"{title}, {unit}");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\" {Font}><title>{label}</title><rect width=\"{Width}\" height=\"{height}\" fill=\"#fff\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"18\" font-size=\"15\" font-weight=\"600\" fill=\"#222\">{label}</text>");
        for (var i = 0; i <= Ticks; i++)
        {
            var y = height - Bottom - ((height - Top - Bottom) * i / Ticks);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{Width - Right}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/>");
            Text(svg, Left - 6, y + 4, "end", Measure.Number(top * i / Ticks));
        }
        return svg;
    }

    private static void Legend(StringBuilder svg, string[] names)
    {
        var x = Left;
        for (var i = 0; i < names.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"27\" width=\"10\" height=\"10\" fill=\"{Colours[i % Colours.Length]}\"/>");
            Text(svg, x + 14, 36, "start", names[i]);
            x += 30 + (names[i].Length * 6.6);
        }
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" fill=\"#333\">{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>The next round number for an axis to end with.</summary>
    private static double Ceiling(double value)
    {
        if (!(value > 0))
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        double[] steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
        return steps.First(step => step * power >= value * 0.9999) * power;
    }
}
