using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>The benchmark of whole transfers still runs from end to end; its figures say nothing here.</summary>
public sealed class BenchmarkTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Transfers_are_measured_and_shown() => Stage.Play(output, Deadline, async stage =>
    {
        var results = Path.Combine(stage.Folder.Path, "results.json");
        var chart = Path.Combine(stage.Folder.Path, "chart.svg");
        var bench = Start(
            stage, "transfer", "--program", ActorTorrentProcess.Assembly, "--size", "4MiB", "--piece-length", "256KiB", "--rounds", "1",
            "--no-warm-up", "--only", "ours,libtorrent,aria2", "--folder", stage.Folder.Path, "--results", results, "--chart", chart);
        var exit = await bench.Exit(stage.Deadline);
        Assert.True(exit == 0, $"The benchmark ended with {exit}:\n{bench.Everything()}");

        var table = string.Join('\n', bench.Output());
        foreach (var row in new[] { "download from 1 seeder", "download from 4 seeders", "seed to 1 leecher", "seed to 4 leechers" })
        {
            Assert.Contains($"**{row}**", table, StringComparison.Ordinal);
            Assert.Contains(row, await File.ReadAllTextAsync(chart, stage.Deadline), StringComparison.Ordinal);
        }
        Assert.Equal(4, bench.Output().Count(static line => line.StartsWith("| ActorTorrent | ", StringComparison.Ordinal)));
        Assert.Equal(4, bench.Output().Count(static line => line.StartsWith("| aria2 | ", StringComparison.Ordinal)));

        var report = Start(stage, "transfer-report", results);
        Assert.Equal(0, await report.Exit(stage.Deadline));
        Assert.Equal(bench.Output(), report.Output());
        Assert.Equal([results, chart], Directory.EnumerateFiles(stage.Folder.Path).OrderDescending(StringComparer.Ordinal));

        // All is there: nothing is measured again.
        var again = Start(
            stage, "transfer", "--program", ActorTorrentProcess.Assembly, "--size", "4MiB", "--piece-length", "256KiB", "--rounds", "1",
            "--no-warm-up", "--only", "ours,libtorrent,aria2", "--folder", stage.Folder.Path, "--results", results, "--resume");
        Assert.Equal(0, await again.Exit(stage.Deadline));
        Assert.Equal(bench.Output(), again.Output());
    });

    [Fact]
    public Task A_transfer_that_fails_fails_the_benchmark_and_costs_the_others_nothing() => Stage.Play(output, Deadline, async stage =>
    {
        var results = Path.Combine(stage.Folder.Path, "results.json");
        // A program that ends at once without a word.
        var bench = Start(
            stage, "transfer", "--program", "/bin/true", "--size", "1MiB", "--rounds", "1", "--no-warm-up", "--only", "ours,libtorrent", "--row", "download-1",
            "--folder", stage.Folder.Path, "--results", results);
        Assert.Equal(1, await bench.Exit(stage.Deadline));
        Assert.Contains("before it said started", bench.Everything(), StringComparison.Ordinal);
        Assert.Contains("ActorTorrent failed once", string.Join('\n', bench.Output()), StringComparison.Ordinal);
        Assert.Contains(bench.Output(), static line => line.StartsWith("| libtorrent | ", StringComparison.Ordinal));
        Assert.Contains("\"libtorrent\"", await File.ReadAllTextAsync(results, stage.Deadline), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(stage.Folder.Path));
    });

    private static ChildProcess Start(Stage stage, params IEnumerable<string> arguments) =>
        stage.Start("benchmark", Programs.Dotnet, [Assembly(), .. arguments]);

    /// <summary>The benchmarks' assembly, which is built beside this one, in its own project's folder.</summary>
    private static string Assembly()
    {
        var path = AppContext.BaseDirectory.Replace("ActorTorrent.Interop.Tests", "ActorTorrent.Benchmarks", StringComparison.Ordinal);
        return Path.Combine(path, "ActorTorrent.Benchmarks.dll");
    }
}
