using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorTorrent.Cli.Remote;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>add</c>: gives torrents to a running service.</summary>
internal static class AddCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var sources = new Argument<string[]>("torrents")
        {
            Description = "Torrent files, their http(s) addresses, magnet links or info hashes.",
            HelpName = "FILE|URL|MAGNET",
            Arity = ArgumentArity.OneOrMore,
        };
        var folder = new Option<string?>("--dir") { Description = "Where the files go, a folder of the service's host; the service's own folder when not given.", HelpName = "DIR" };
        var labels = new Option<string[]>("--label") { Description = "A label; may be repeated.", HelpName = "LABEL" };
        var paused = new Option<bool>("--paused") { Description = "Add it stopped." };
        var command = new Command("add", "Add torrents to a running service.") { sources, folder, labels, paused };
        remote.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = remote.Connect(parsed);
            var (output, isJson) = (parsed.InvocationConfiguration.Output, remote.IsJson(parsed));
            foreach (var source in parsed.GetValue(sources) ?? [])
            {
                var torrent = await ReadAsync(source, stop).ConfigureAwait(false) with
                {
                    Folder = parsed.GetValue(folder) is { } dir ? Path.GetFullPath(dir) : null,
                    Labels = parsed.GetValue(labels) ?? [],
                    IsPaused = parsed.GetValue(paused) ? true : null,
                };
                var (added, wasThere) = await client.AddAsync(torrent, stop).ConfigureAwait(false);
                await output.WriteLineAsync(isJson
                    ? JsonSerializer.Serialize(added, ApiJson.Default.TorrentResource)
                    : string.Create(CultureInfo.InvariantCulture, $"{(wasThere ? "is there already" : "added")}: {added.Id}  {Text.Printable(added.Name)}  {added.InfoHash}")).ConfigureAwait(false);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<RemoteTorrent> ReadAsync(string source, CancellationToken stop) => TorrentSource.ReadMagnet(source) is not null
        ? new RemoteTorrent { Magnet = source }
        : new RemoteTorrent { File = await TorrentSource.LoadBytesAsync(source, stop).ConfigureAwait(false) };
}
