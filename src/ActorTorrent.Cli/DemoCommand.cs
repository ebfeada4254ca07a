using System.CommandLine;
using ActorTorrent.Lab.Demo;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>demo</c>: the first write-up's swarm on loopback, probed and downloaded from while peers fail.</summary>
internal static class DemoCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Start a swarm of 50 peers on loopback, most of them useless, probe them all, and download 256 MiB while four of the useful ones fail. Needs no network.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var view = new DemoView(output, Terminal.Of(output));
            var report = await new DemoRun(new DemoPlan(), view).RunAsync(cancellation);
            view.Conclude(report);
            return report.Passed ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}
