using System.CommandLine;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Scenarios;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>stress</c>: a crowd of peers against the own engine, or any client.</summary>
internal static class StressCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var peers = NumberOption.Create("--peers", 1, 100_000, "How many peers.", fallback: 200);
        var faults = new Option<string>("--faults")
        {
            Description = $"How the peers behave: kinds with their weights, such as idle=8,silent=1,resets=1, or a mix by name: {string.Join(", ", StressMix.Names)}.",
            HelpName = "MIX",
            DefaultValueFactory = _ => "mixed",
        };
        var duration = new Option<TimeSpan?>("--duration")
        {
            Description = "How long; by default 30s.",
            HelpName = "DURATION",
            CustomParser = result =>
            {
                if (result.Tokens.Count == 1 && ProbeDuration.TryParse(result.Tokens[0].Value, out var value))
                    return value;
                result.AddError("--duration: it must be a duration such as 30s or 2m, of at most a day.");
                return null;
            },
        };
        var seed = NumberOption.Create("--seed", 0, int.MaxValue, "What decides everything left to chance.", fallback: 1);
        var output = new Option<string?>("--out") { Description = "A folder for the report; none when not given.", HelpName = "DIR" };
        var target = LabTargetOptions.Target();
        var torrent = LabTargetOptions.Torrent();
        var process = LabTargetOptions.Process();
        var command = new Command(
            "stress",
            "Put the own engine, which downloads from four good seeds meanwhile, under the load of many peers; with --target any other client. The peers live in 127.0.0.0/8.")
        {
            peers, faults, duration, seed, output, target, torrent, process,
        };
        command.SetAction((parsed, stop) =>
        {
            var aim = LabTargetOptions.Read(parsed.GetValue(target), parsed.GetValue(torrent), parsed.GetValue(process));
            if (aim is { Torrent: null })
                throw new InputException("--target: --torrent names the torrent that the client has.");
            Scenario scenario;
            try
            {
                scenario = StressMix.Scenario(
                    parsed.GetValue(peers)!.Value, parsed.GetValue(faults)!, parsed.GetValue(duration) ?? TimeSpan.FromSeconds(30), parsed.GetValue(seed)!.Value, aim is null);
            }
            catch (ScenarioException e)
            {
                throw new InputException($"--faults: {e.Message}");
            }
            var options = new LabOptions { OutFolder = parsed.GetValue(output), Target = aim, WorkerProgram = LabWorkerCommand.Program() };
            return LabCommand.RunAsync([scenario], options, parsed.InvocationConfiguration.Output, stop);
        });
        return command;
    }
}
