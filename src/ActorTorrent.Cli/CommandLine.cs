using System.CommandLine;
using ActorTorrent.Cli.Remote;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Cli;

/// <summary>The whole command line: its verbs, and what each way of ending becomes as an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="arguments">As given to the program.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors and remarks go.</param>
    /// <param name="stop">Set by Ctrl-C or SIGTERM.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var root = new RootCommand("ActorTorrent: an actor-based BitTorrent peer engine.")
        {
            DownloadCommand.Create(),
            SeedCommand.Create(),
            ProbeCommand.Create(),
            ShowCommand.Create(),
            CreateCommand.Create(),
            CheckCommand.Create(),
            TrackerCommand.Create(),
            ServeCommand.Create(),
            PasswordCommand.Create(),
            AddCommand.Create(),
            ListCommand.Create(),
            InfoCommand.Create(),
            PeersCommand.Create(),
            FaultsCommand.Create(),
            PauseCommand.Create(),
            ResumeCommand.Create(),
            RemoveCommand.Create(),
            TopCommand.Create(),
            CompletionCommand.Create(),
            DemoCommand.Create(),
            LabCommand.Create(),
            StressCommand.Create(),
            LabWorkerCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = output,
            Error = error,
        };
        try
        {
            var code = await parsed.InvokeAsync(configuration, stop).ConfigureAwait(false);
            return parsed.Errors.Count > 0 ? ExitCode.BadInput : code;
        }
        catch (Exception e) when (e is InputException or SettingsException)
        {
            await error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (RemoteException e)
        {
            await error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
