using System.Text.Json;
using ActorTorrent.Lab.Running;

namespace ActorTorrent.Lab.Reports;

/// <summary>The files of a report.</summary>
public static class ReportFiles
{
    /// <summary>For people.</summary>
    public const string Html = "report.html";

    /// <summary>For programs: everything.</summary>
    public const string Json = "report.json";

    /// <summary>For spreadsheets: a line a run.</summary>
    public const string Runs = "runs.csv";

    /// <summary>For spreadsheets: a line a sample.</summary>
    public const string Samples = "samples.csv";

    /// <summary>Writes them.</summary>
    /// <param name="report">What there is to tell.</param>
    /// <param name="folder">Where; made when it is not there.</param>
    public static async Task WriteAsync(LabReport report, string folder)
    {
        ArgumentNullException.ThrowIfNull(report);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Html), HtmlReport.Write(report));
        await File.WriteAllTextAsync(Path.Combine(folder, Json), JsonSerializer.Serialize(report, LabJsonContext.Default.LabReport));
        await File.WriteAllTextAsync(Path.Combine(folder, Runs), CsvReport.Runs(report));
        await File.WriteAllTextAsync(Path.Combine(folder, Samples), CsvReport.Samples(report));
        foreach (var key in (string[])["goodput", "completion", "recovery"])
        {
            if (ReportSummary.Of(report).Any(summary => summary.Measures.Any(measure => measure.Key == key)))
                await File.WriteAllTextAsync(Path.Combine(folder, $"{key}.svg"), HtmlReport.Bars(report, key, key switch { "goodput" => "Goodput", "completion" => "Completion time", _ => "Recovery after a fault" }) + "\n");
        }
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <param name="folder">Where.</param>
    /// <exception cref="InvalidDataException">It is not a report.</exception>
    public static LabReport Read(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, Json));
        return JsonSerializer.Deserialize(file, LabJsonContext.Default.LabReport) ?? throw new InvalidDataException("The report is empty.");
    }
}
