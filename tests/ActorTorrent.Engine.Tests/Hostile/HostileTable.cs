using System.Globalization;
using System.Text;
using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>The suite as a table in Markdown: as it is written in the tests' README, and as it was observed.</summary>
internal static class HostileTable
{
    /// <summary>
    /// That the part of the tests' README between two marks is the table of these cases; where tables are to be written
    /// (ACTORTORRENT_WRITE_TABLES=1), makes it so.
    /// </summary>
    public static void IsInReadme(string mark, IEnumerable<HostileCase> cases)
    {
        var path = Repository.PathOf("tests", "README.md");
        var text = File.ReadAllText(path);
        var first = $"<!-- {mark}: written by the suite -->\n";
        var start = text.IndexOf(first, StringComparison.Ordinal) + first.Length;
        var end = text.IndexOf($"<!-- end of {mark} -->", StringComparison.Ordinal);
        Assert.True(start >= first.Length && end >= start, $"tests/README.md has no place for the {mark}");
        if (Environment.GetEnvironmentVariable("ACTORTORRENT_WRITE_TABLES") == "1")
            File.WriteAllText(path, text[..start] + Declared(cases) + text[end..]);
        else
            Assert.Equal(Declared(cases), text[start..end]);
    }

    /// <summary>What every case must come to.</summary>
    public static string Declared(IEnumerable<HostileCase> cases)
    {
        var text = new StringBuilder("| # | case | cause → directive | also checked |\n|--:|---|---|---|\n");
        foreach (var one in cases)
            text.Append(CultureInfo.InvariantCulture, $"| {one.Number} | {one.Name} | {Join(one.Expected.Select(static expected => expected.ToString()))} | {one.Held} |\n");
        return text.ToString();
    }

    /// <summary>What every case came to.</summary>
    public static string Observed(IEnumerable<HostileVerdict> verdicts)
    {
        var text = new StringBuilder("| # | case | cause → directive, as the journal has it | seconds | |\n|--:|---|---|--:|---|\n");
        foreach (var verdict in verdicts.OrderBy(static verdict => verdict.Case.Number))
        {
            var observed = verdict.Observed
                .CountBy(static entry => $"{FaultNames.Of(entry.Fault.Cause)} → {FaultNames.Of(entry.Decision.Action)}")
                .Select(static count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} × {count.Key}"));
            text.Append(CultureInfo.InvariantCulture, $"| {verdict.Case.Number} | {verdict.Case.Name} | {Join(observed)} | {verdict.Elapsed.TotalSeconds:0.0} | {(verdict.Failure is null ? "as expected" : "WRONG")} |\n");
        }
        return text.ToString();
    }

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } text ? text : "none";
}
