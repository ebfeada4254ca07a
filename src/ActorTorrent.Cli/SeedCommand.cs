using System.CommandLine;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>seed</c>: checks what is there and serves it until stopped.</summary>
internal static class SeedCommand
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
        var port = NumberOption.Create("--port", 0, ushort.MaxValue, "The port for incoming peers; 0 takes any free one.");
        var peers = new Option<string[]>("--peer") { Description = "A peer to dial, besides those of the trackers; may be repeated.", HelpName = "HOST:PORT" };
        var maxPeers = NumberOption.Create("--max-peers", 1, int.MaxValue, "Connections at most.");
        var uploadLimit = RateOption.Create("--upload-limit", "Bytes a second to peers at most, such as 500kB/s.");
        var superSeed = new Option<bool>("--super-seed")
        {
            Description = "Show each peer one piece at a time (BEP 16): for the first seed of a swarm.",
        };
        var noLsd = new Option<bool>("--no-lsd") { Description = "Do not look for peers in the local network." };
        var noDht = DhtOption.Without();
        var dhtNodes = DhtOption.Nodes();
        var json = new Option<bool>("--json") { Description = "One line of JSON an event." };
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
        var command = new Command("seed", "Serve a torrent that is all there, until stopped. Fetches nothing.")
        {
            torrent, data, port, peers, maxPeers, uploadLimit, superSeed, noLsd, noDht, dhtNodes, json, profile, state,
        };
        command.SetAction((parsed, stop) =>
        {
            var arguments = new DownloadArguments
            {
                Torrent = parsed.GetValue(torrent)!,
                Output = parsed.GetValue(data)!,
                Port = parsed.GetValue(port),
                Peers = parsed.GetValue(peers) ?? [],
                MaxPeers = parsed.GetValue(maxPeers),
                UploadLimit = parsed.GetValue(uploadLimit),
                KeepsSeeding = true,
                OnlySeeds = true,
                IsSuperSeeding = parsed.GetValue(superSeed),
                UsesLsd = !parsed.GetValue(noLsd),
                HasDht = !parsed.GetValue(noDht),
                DhtNodes = parsed.GetValue(dhtNodes) ?? [],
                IsJson = parsed.GetValue(json),
                Profiles = parsed.GetValue(profile) ?? [],
                State = StateFolder.Find(parsed.GetValue(state), Environment.GetEnvironmentVariable),
            };
            if (!Directory.Exists(arguments.Output))
                throw new InputException($"--data: {arguments.Output}: {(File.Exists(arguments.Output) ? "is a file, not a folder" : "no such folder")}.");
            var streams = parsed.InvocationConfiguration;
            return DownloadRun.RunAsync(arguments, DownloadCommand.Report(arguments, streams.Output, streams.Error), streams.Error, stop);
        });
        return command;
    }
}
