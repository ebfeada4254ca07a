using System.CommandLine;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>download</c>: fetches a torrent, through the actor tree, to verified files.</summary>
internal static class DownloadCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var torrent = new Argument<string>("torrent")
        {
            Description = "A torrent file, its http(s) address, a magnet link, or a bare info hash.",
            HelpName = "FILE.torrent|URL|MAGNET",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder that the files go to; it is made if it is not there.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        var downloadLimit = RateOption.Create("--download-limit", "Bytes a second from peers at most, such as 5MiB/s.");
        var select = new Option<string?>("--select") { Description = "Only these files, by their numbers in 'show': 1,3-5.", HelpName = "LIST" };
        var high = new Option<string?>("--high") { Description = "These files before all others.", HelpName = "LIST" };
        var low = new Option<string?>("--low") { Description = "These files after all others.", HelpName = "LIST" };
        var firstLast = new Option<bool>("--first-last") { Description = "The first and the last piece of every file before all others, for a player's sake." };
        var sequential = new Option<bool>("--sequential") { Description = "Fetch pieces in order instead of rarest first." };
        var seed = new Option<bool>("--seed") { Description = "Go on serving others after completion, until stopped." };
        var actors = new Option<bool>("--actors") { Description = "Show the actors too: state, restarts, last fault, how long messages wait." };
        var transfer = new TransferOptions();
        var command = new Command("download", "Fetch a torrent to verified files.")
        {
            torrent, output, downloadLimit, select, high, low, sequential, firstLast, seed, actors,
        };
        transfer.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var arguments = transfer.Read(parsed, parsed.GetValue(torrent)!, parsed.GetValue(output)!) with
            {
                DownloadLimit = parsed.GetValue(downloadLimit),
                Select = parsed.GetValue(select),
                High = parsed.GetValue(high),
                Low = parsed.GetValue(low),
                IsSequential = parsed.GetValue(sequential),
                IsFirstAndLastFirst = parsed.GetValue(firstLast),
                KeepsSeeding = parsed.GetValue(seed),
                ShowsActors = parsed.GetValue(actors),
            };
            var streams = parsed.InvocationConfiguration;
            return DownloadRun.RunAsync(arguments, Report(arguments, streams.Output, streams.Error), streams.Error, stop);
        });
        return command;
    }

    /// <summary>The report that the arguments and the output ask for.</summary>
    internal static IDownloadReport Report(DownloadArguments arguments, TextWriter output, TextWriter error)
    {
        if (arguments.IsJson)
            return new JsonDownloadReport(output);
        return Terminal.Of(output) is { } console ? new LiveDownloadReport(console) : new PlainDownloadReport(output, error);
    }
}
