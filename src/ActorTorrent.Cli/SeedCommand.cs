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
        var superSeed = new Option<bool>("--super-seed")
        {
            Description = "Show each peer one piece at a time (BEP 16): for the first seed of a swarm.",
        };
        var transfer = new TransferOptions();
        var command = new Command("seed", "Serve a torrent that is all there, until stopped. Fetches nothing.")
        {
            torrent, data, superSeed,
        };
        transfer.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var arguments = transfer.Read(parsed, parsed.GetValue(torrent)!, parsed.GetValue(data)!) with
            {
                KeepsSeeding = true,
                OnlySeeds = true,
                IsSuperSeeding = parsed.GetValue(superSeed),
            };
            if (!Directory.Exists(arguments.Output))
                throw new InputException($"--data: {arguments.Output}: {(File.Exists(arguments.Output) ? "is a file, not a folder" : "no such folder")}.");
            var streams = parsed.InvocationConfiguration;
            return DownloadRun.RunAsync(arguments, DownloadCommand.Report(arguments, streams.Output, streams.Error), streams.Error, stop);
        });
        return command;
    }
}
