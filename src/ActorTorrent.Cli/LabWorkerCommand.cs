using System.CommandLine;
using ActorTorrent.Lab.Running;

namespace ActorTorrent.Cli;

/// <summary>The hidden verb that a run of the Lab starts its helper processes with: orders come over the standard input.</summary>
internal static class LabWorkerCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "lab-worker";

    /// <summary>The program and the arguments that start it.</summary>
    public static IReadOnlyList<string> Program()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Environment.GetCommandLineArgs()[0], Name]
            : [program, Name];
    }

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var kind = new Argument<WorkerKind>("kind");
        var command = new Command(Name, "Hold a part of a Lab's run.") { kind };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            // Ctrl-C reaches this process, too; the one that started it says when to end.
            await LabWorker.RunAsync(parsed.GetValue(kind), Console.In, Console.Out);
            return ExitCode.Ok;
        });
        return command;
    }
}
