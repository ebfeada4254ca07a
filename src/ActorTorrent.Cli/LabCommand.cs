using System.CommandLine;
using System.Globalization;
using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>lab</c>: experiments with swarms, reproducible by their seed, with a report.</summary>
internal static class LabCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create() => new("lab", "Run experiments with swarms of scripted peers, and report on them.") { Run(), List(), Torrent(), Report() };

    private static Command Run()
    {
        var scenario = new Argument<string>("scenario") { Description = "A scenario that comes with the program, by its name, or a JSON file.", HelpName = "NAME|FILE.json" };
        var compare = new Option<string[]>("--compare")
        {
            Description = "More scenarios, for a report side by side.",
            HelpName = "NAME|FILE.json",
            AllowMultipleArgumentsPerToken = true,
        };
        var repeat = NumberOption.Create("--repeat", 1, 1000, "How often each variant is run, instead of what the scenario says.");
        var seed = NumberOption.Create("--seed", 0, int.MaxValue, "The seed of the first repetition, instead of the scenario's.");
        var output = new Option<string?>("--out") { Description = "The folder for report.html, report.json, runs.csv, samples.csv and schedules; by default lab-NAME.", HelpName = "DIR" };
        var target = LabTargetOptions.Target();
        var torrent = LabTargetOptions.Torrent();
        var process = LabTargetOptions.Process();
        var command = new Command("run", "Run a scenario: all its variants, as often as it says, and write a report. Ctrl-C ends it, with a report of what there is.")
        {
            scenario, compare, repeat, seed, output, target, torrent, process,
        };
        command.SetAction((parsed, stop) =>
        {
            var scenarios = new[] { parsed.GetValue(scenario)! }.Concat(parsed.GetValue(compare) ?? []).Select(Load).ToArray();
            var options = new LabOptions
            {
                Repetitions = parsed.GetValue(repeat),
                Seed = parsed.GetValue(seed),
                OutFolder = parsed.GetValue(output) ?? $"lab-{scenarios[0].Name}",
                Target = LabTargetOptions.Read(parsed.GetValue(target), parsed.GetValue(torrent), parsed.GetValue(process)),
                WorkerProgram = LabWorkerCommand.Program(),
            };
            return RunAsync(scenarios, options, parsed.InvocationConfiguration.Output, stop);
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Name the scenarios that come with the program.");
        command.SetAction(parsed =>
        {
            foreach (var name in ScenarioReader.Known)
                parsed.InvocationConfiguration.Output.WriteLine($"{name,-22} {ScenarioReader.Load(name).Description}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Report()
    {
        var folder = new Argument<string>("folder") { Description = "The folder of a run, with report.json.", HelpName = "DIR" };
        var command = new Command("report", "Write the report of a run anew from its report.json.") { folder };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetValue(folder)!;
            LabReport report;
            try
            {
                report = ReportFiles.Read(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException or InvalidDataException)
            {
                throw new InputException($"{path}: {e.Message}");
            }
            foreach (var line in LabText.Summary(report))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            await ReportFiles.WriteAsync(report, path);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Torrent()
    {
        var scenario = new Argument<string>("scenario") { Description = "A scenario by its name, or a JSON file.", HelpName = "NAME|FILE.json" };
        var file = new Argument<string>("file") { Description = "Where the torrent file goes.", HelpName = "FILE.torrent" };
        var seed = NumberOption.Create("--seed", 0, int.MaxValue, "The seed, instead of the scenario's.");
        var command = new Command("torrent", "Write the torrent file of a scenario, to give it to a client that is then put under load with --target.") { scenario, file, seed };
        command.SetAction(async (parsed, stop) =>
        {
            var loaded = Load(parsed.GetValue(scenario)!);
            await File.WriteAllBytesAsync(parsed.GetValue(file)!, LabContent.Of(loaded, parsed.GetValue(seed) ?? loaded.Seed).BuildTorrent(), stop);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Runs scenarios, prints the summary and writes the report.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<Scenario> scenarios, LabOptions options, TextWriter output, CancellationToken stop)
    {
        LabReport report;
        try
        {
            report = await new LabRunner(options, new LabView(output, Terminal.Of(output))).RunAsync(scenarios, stop);
        }
        catch (LabException e)
        {
            throw new InputException(e.Message);
        }
        foreach (var line in LabText.Summary(report))
            await output.WriteLineAsync(line);
        if (options.OutFolder is { } folder)
        {
            await ReportFiles.WriteAsync(report, folder);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"report: {Path.Combine(folder, ReportFiles.Html)}"));
        }
        return report.IsInterrupted ? ExitCode.Interrupted : report.Runs.Any(static run => run.WrongOutcomes > 0 || run.IsVerified == false) ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>Reads a scenario.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public static Scenario Load(string nameOrPath)
    {
        try
        {
            return ScenarioReader.Load(nameOrPath);
        }
        catch (ScenarioException e)
        {
            throw new InputException(e.Message);
        }
    }
}
