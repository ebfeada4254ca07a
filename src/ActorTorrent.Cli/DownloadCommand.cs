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
        var port = NumberOption.Create("--port", 0, ushort.MaxValue, "The port for incoming peers; 0 takes any free one.");
        var peers = new Option<string[]>("--peer") { Description = "A peer to use, besides those of the trackers; may be repeated.", HelpName = "HOST:PORT" };
        var maxPeers = NumberOption.Create("--max-peers", 1, int.MaxValue, "Connections at most.");
        var downloadLimit = RateOption.Create("--download-limit", "Bytes a second from peers at most, such as 5MiB/s.");
        var uploadLimit = RateOption.Create("--upload-limit", "Bytes a second to peers at most, such as 500kB/s.");
        var select = new Option<string?>("--select") { Description = "Only these files, by their numbers in 'show': 1,3-5.", HelpName = "LIST" };
        var high = new Option<string?>("--high") { Description = "These files before all others.", HelpName = "LIST" };
        var low = new Option<string?>("--low") { Description = "These files after all others.", HelpName = "LIST" };
        var firstLast = new Option<bool>("--first-last") { Description = "The first and the last piece of every file before all others, for a player's sake." };
        var sequential = new Option<bool>("--sequential") { Description = "Fetch pieces in order instead of rarest first." };
        var seed = new Option<bool>("--seed") { Description = "Go on serving others after completion, until stopped." };
        var noLsd = new Option<bool>("--no-lsd") { Description = "Do not look for peers in the local network." };
        var noDht = DhtOption.Without();
        var dhtNodes = DhtOption.Nodes();
        var json = new Option<bool>("--json") { Description = "One line of JSON an event." };
        var actors = new Option<bool>("--actors") { Description = "Show the actors too: state, restarts, last fault, how long messages wait." };
        var profile = new Option<string[]>("--profile")
        {
            Description = "A profile of hocon/profiles, or a HOCON file, laid over the settings; may be repeated.",
            HelpName = "NAME|FILE",
        };
        var state = new Option<string?>("--state")
        {
            Description = "The folder that resume data is kept in; $ACTORTORRENT_STATE or ~/.local/state/actortorrent when not given.",
            HelpName = "DIR",
        };
        var command = new Command("download", "Fetch a torrent to verified files.")
        {
            torrent, output, port, peers, maxPeers, downloadLimit, uploadLimit, select, high, low, sequential, firstLast, seed, noLsd, noDht, dhtNodes, json,
            actors, profile, state,
        };
        command.SetAction((parsed, stop) =>
        {
            var arguments = new DownloadArguments
            {
                Torrent = parsed.GetValue(torrent)!,
                Output = parsed.GetValue(output)!,
                Port = parsed.GetValue(port),
                Peers = parsed.GetValue(peers) ?? [],
                MaxPeers = parsed.GetValue(maxPeers),
                DownloadLimit = parsed.GetValue(downloadLimit),
                UploadLimit = parsed.GetValue(uploadLimit),
                Select = parsed.GetValue(select),
                High = parsed.GetValue(high),
                Low = parsed.GetValue(low),
                IsSequential = parsed.GetValue(sequential),
                IsFirstAndLastFirst = parsed.GetValue(firstLast),
                KeepsSeeding = parsed.GetValue(seed),
                UsesLsd = !parsed.GetValue(noLsd),
                HasDht = !parsed.GetValue(noDht),
                DhtNodes = parsed.GetValue(dhtNodes) ?? [],
                IsJson = parsed.GetValue(json),
                ShowsActors = parsed.GetValue(actors),
                Profiles = parsed.GetValue(profile) ?? [],
                State = StateFolder.Find(parsed.GetValue(state), Environment.GetEnvironmentVariable),
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
