using System.CommandLine;
using System.Diagnostics;
using ActorTorrent.Engine.Checking;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>check</c>: compares files on disk with a torrent.</summary>
internal static class CheckCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var torrent = new Argument<string>("torrent")
        {
            Description = "A torrent file, or its http(s) address.",
            HelpName = "FILE.torrent|URL",
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder that the torrent's file or folder lies in: what 'download' calls --output.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        var json = new Option<bool>("--json") { Description = "One line of JSON a file, and one for the whole." };
        var command = new Command("check", "Compare files on disk with a torrent; change nothing.") { torrent, data, json };
        command.SetAction((parsed, stop) =>
        {
            var streams = parsed.InvocationConfiguration;
            return RunAsync(
                parsed.GetValue(torrent)!, parsed.GetValue(data)!, streams.Output, streams.Error,
                parsed.GetValue(json) ? new JsonLines(streams.Output) : null, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string source, string data, TextWriter output, TextWriter error, JsonLines? json, CancellationToken stop)
    {
        var torrent = await TorrentSource.LoadAsync(source, stop).ConfigureAwait(false);
        if (!Directory.Exists(data))
            throw new InputException($"--data: {data}: {(File.Exists(data) ? "is a file, not a folder" : "no such folder")}.");
        var progress = new WorkProgress(torrent.Layout.TotalLength);
        var started = Stopwatch.GetTimestamp();
        var work = DataCheck.RunAsync(torrent, data, progress, stop);
        var result = await WorkView.ShowAsync("checked", work, progress, output, json).ConfigureAwait(false);
        if (json is null)
            await output.WriteAsync(CheckText.Of(torrent, result)).ConfigureAwait(false);
        else
            CheckText.Write(json, torrent, result, Stopwatch.GetElapsedTime(started));
        if (result.Fault is not { } fault)
            return result.IsComplete ? ExitCode.Ok : ExitCode.Failed;
        await error.WriteLineAsync($"{Text.Printable(fault.Path)}: {Text.Printable(fault.Reason)} (while trying to {fault.Operation})").ConfigureAwait(false);
        return ExitCode.Disk;
    }
}
