using Xunit.Abstractions;

namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>
/// Whatever reads bytes that others wrote, fed with mutations of a corpus: only declared exceptions, memory bounded by the input's length, and
/// twice the input at most two and a half times the cost.
/// </summary>
public sealed class FuzzTests(FuzzRuns runs, ITestOutputHelper output) : IClassFixture<FuzzRuns>
{
    public static TheoryData<string> Targets { get; } = [.. FuzzTargets.All.Select(static target => target.Name)];

    public static TheoryData<string, string> Growing { get; } = Rows(
        FuzzTargets.All.SelectMany(static target => target.Growing.Select(growing => (target.Name, growing.Name))));

    public static TheoryData<string, string> Findings { get; } = Rows(
        Directory.EnumerateFiles(Repository.PathOf("tests", "ActorTorrent.Engine.Tests", "Fuzz", "Findings"), "*.bin", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(static path => (Path.GetFileName(Path.GetDirectoryName(path)!), Path.GetFileName(path))));

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Nothing_breaks_it(string target)
    {
        var report = await runs.ReportOf(target);

        output.WriteLine(FormattableString.Invariant($"{target}: {report.Inputs} inputs, {report.Refused} refused, seed {report.Seed}"));
        foreach (var (rule, input) in report.Findings)
            output.WriteLine($"{rule}\n{Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 4_000)))}\n");
        Assert.Empty(report.Findings);
        Assert.True(report.Inputs > 300, $"{report.Inputs} inputs only");
        Assert.InRange(report.Refused, target == "handshake" ? 0 : 1, report.Inputs);
    }

    [Theory]
    [MemberData(nameof(Growing))]
    public async Task Twice_the_input_costs_at_most_two_and_a_half_times_as_much(string name, string growing)
    {
        // Not beside the fuzzing, which takes all there is.
        foreach (var one in FuzzTargets.All)
            await runs.ReportOf(one.Name);
        var target = FuzzTargets.All.Single(target => target.Name == name);

        Assert.Null(Fuzzer.CheckGrowth(target, growing, target.Growing.Single(one => one.Name == growing).Make));
    }

    [Theory]
    [MemberData(nameof(Findings))]
    public void What_was_found_once_is_mended(string name, string file)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);
        var input = File.ReadAllBytes(Repository.PathOf("tests", "ActorTorrent.Engine.Tests", "Fuzz", "Findings", name, file));

        Assert.Null(Fuzzer.Check(target, input, out _));
        // The second time without what is made only once.
        Assert.Null(Fuzzer.Check(target, input, out _));
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        var target = FuzzTargets.All[0];
        var (one, other) = (new Mutator(5, target.Corpus, 1000), new Mutator(5, target.Corpus, 1000));
        for (var i = 0; i < 1000; i++)
            Assert.Equal(one.Next(), other.Next());
    }

    private static TheoryData<string, string> Rows(IEnumerable<(string, string)> pairs)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (first, second) in pairs)
            rows.Add(first, second);
        return rows;
    }
}
