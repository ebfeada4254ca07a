using System.CommandLine;
using ActorTorrent.Cli;
using ActorTorrent.Engine.Options;

var root = new RootCommand("ActorTorrent: an actor-based BitTorrent peer engine.")
{
    DownloadCommand.Create(),
    ProbeCommand.Create(),
    ShowCommand.Create(),
    TrackerCommand.Create(),
    DemoCommand.Create(),
};
var parsed = root.Parse(args);
using var interruption = new Interruption();
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token);
    return parsed.Errors.Count > 0 ? ExitCode.BadInput : code;
}
catch (Exception e) when (e is InputException or SettingsException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return ExitCode.BadInput;
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    return ExitCode.Interrupted;
}
