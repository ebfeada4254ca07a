using System.CommandLine;
using ActorTorrent.Engine.Creation;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>create</c>: makes a torrent of a file or folder.</summary>
internal static class CreateCommand
{
    private const string Transmission = "transmission";

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "The file or folder to share.", HelpName = "PATH" };
        var output = new Option<string?>("--output", "-o") { Description = "The torrent file; by default NAME.torrent here.", HelpName = "FILE" };
        var trackers = UrlOption.Create("--tracker", "A tracker; may be repeated, each is a backup of those before.", "http", "https", "udp");
        var pieceLength = PieceLengthOption.Create();
        var isPrivate = new Option<bool>("--private") { Description = "Peers come from the trackers alone." };
        var comment = new Option<string?>("--comment") { Description = "A remark.", HelpName = "TEXT" };
        var source = new Option<string?>("--source") { Description = "Where it will be published; it changes the info hash.", HelpName = "TEXT" };
        var webSeeds = UrlOption.Create("--webseed", "A web server that holds the content; may be repeated.", "http", "https");
        var compat = new Option<string>("--compat")
        {
            Description = "Whose info hash it gets: mktorrent's (the default), or transmission's, which leaves out empty and hidden files.",
            HelpName = "PROGRAM",
            DefaultValueFactory = _ => "mktorrent",
        };
        compat.AcceptOnlyFromAmong("mktorrent", Transmission);
        var force = new Option<bool>("--force") { Description = "Replace the torrent file if it is there already." };
        var json = new Option<bool>("--json") { Description = "One line of JSON an event." };
        var command = new Command("create", "Make a torrent of a file or folder. The same content and options give the same bytes.")
        {
            path, output, trackers, pieceLength, isPrivate, comment, source, webSeeds, compat, force, json,
        };
        command.SetAction((parsed, stop) =>
        {
            var streams = parsed.InvocationConfiguration;
            var recipe = new TorrentRecipe
            {
                Style = parsed.GetValue(compat) == Transmission ? CreationStyle.Transmission : CreationStyle.Standard,
                PieceLength = parsed.GetValue(pieceLength),
                Trackers = parsed.GetValue(trackers) ?? [],
                WebSeeds = parsed.GetValue(webSeeds) ?? [],
                IsPrivate = parsed.GetValue(isPrivate),
                Comment = parsed.GetValue(comment),
                Source = parsed.GetValue(source),
                CreatedBy = $"ActorTorrent {typeof(TorrentCreator).Assembly.GetName().Version?.ToString(3)}",
            };
            var run = new CreateRun(parsed.GetValue(path)!, parsed.GetValue(output), parsed.GetValue(force), recipe);
            return run.RunAsync(streams.Output, streams.Error, parsed.GetValue(json) ? new JsonLines(streams.Output) : null, stop);
        });
        return command;
    }
}
