using System.Runtime.InteropServices;
using ActorTorrent.Engine.Options;
using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Lab.Running;

/// <summary>Runs scenarios, their variants and repetitions, one run after the other, and gathers the results.</summary>
/// <param name="options">How.</param>
/// <param name="view">Is shown it.</param>
public sealed class LabRunner(LabOptions options, ILabView view)
{
    /// <summary>
    /// Runs. Within a repetition the variants take turns, so that whatever else the machine does befalls all of them; all have the same
    /// seed there, so the same swarm.
    /// </summary>
    /// <param name="scenarios">The scenarios to be compared, one at least.</param>
    /// <param name="stop">Ends it early; the report holds what there is by then.</param>
    /// <exception cref="LabException">It cannot be done here.</exception>
    public async Task<LabReport> RunAsync(IReadOnlyList<Scenario> scenarios, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        foreach (var scenario in scenarios)
            CheckSettings(scenario);
        var started = DateTimeOffset.UtcNow;
        var results = new List<LabRunResult>();
        var repetitions = scenarios.Max(scenario => options.Repetitions ?? scenario.Repetitions);
        for (var repetition = 0; repetition < repetitions && !stop.IsCancellationRequested; repetition++)
        {
            foreach (var scenario in scenarios)
            {
                var of = options.Repetitions ?? scenario.Repetitions;
                if (repetition >= of)
                    continue;
                var seed = unchecked((options.Seed ?? scenario.Seed) + repetition);
                var planned = options.Target is null ? scenario : LabTarget.Dialling(scenario);
                var plan = SwarmPlanner.Plan(planned, seed);
                WriteSchedule(planned, seed, plan);
                foreach (var variant in scenario.Variants)
                {
                    if (stop.IsCancellationRequested)
                        break;
                    view.RunStarts(scenario, variant, repetition + 1, of);
                    await using var run = new LabRun(scenario, variant, repetition + 1, seed, plan, options, view);
                    try
                    {
                        var result = await run.RunAsync(stop);
                        results.Add(result);
                        view.RunEnds(result);
                    }
                    catch (OperationCanceledException) when (stop.IsCancellationRequested)
                    {
                        // Stopped before it had begun: nothing to report of it.
                    }
                }
            }
        }
        return new LabReport
        {
            Started = started,
            Machine = MachineDescription(),
            Version = typeof(LabRunner).Assembly.GetName().Version?.ToString(3) ?? "",
            Runtime = RuntimeInformation.FrameworkDescription,
            Target = options.Target?.EndPoint.ToString(),
            IsInterrupted = stop.IsCancellationRequested,
            Scenarios = [.. scenarios.Select(static scenario => new ScenarioText(scenario.Name, scenario.Description, scenario.Text))],
            Runs = results,
        };
    }

    /// <summary>Before anything is started: what a scenario lays over the settings must be understood.</summary>
    private static void CheckSettings(Scenario scenario)
    {
        foreach (var variant in scenario.Variants)
            Check($"variant {variant.Name}", [.. scenario.Settings, .. variant.Settings]);
        foreach (var group in scenario.Swarm)
            Check($"group {group.Name}", group.Settings);

        void Check(string place, IReadOnlyList<string> settings)
        {
            try
            {
                EngineWorker.Settings(new EngineOrder { Profiles = scenario.Profiles, Settings = string.Join('\n', settings) });
            }
            catch (SettingsException e)
            {
                throw new LabException($"{scenario.Name}, {place}: {e.Message}");
            }
        }
    }

    private void WriteSchedule(Scenario scenario, int seed, SwarmPlan plan)
    {
        if (options.OutFolder is not { } folder)
            return;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FormattableString.Invariant($"schedule-{scenario.Name}-{seed}.txt")), plan.Write(scenario, seed));
    }

    private static string MachineDescription()
    {
        const string cpus = "/proc/cpuinfo";
        const string field = "model name";
        var model = File.Exists(cpus) ? File.ReadLines(cpus).FirstOrDefault(static line => line.StartsWith(field, StringComparison.Ordinal)) : null;
        var name = model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        return FormattableString.Invariant($"{name}, {Environment.ProcessorCount} cores, {memory} MiB, {RuntimeInformation.OSDescription}");
    }
}
