using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorTorrent.Cli.Remote;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>list</c>: the torrents of a running service.</summary>
internal static class ListCommand
{
    private static readonly TextColumn[] Columns =
    [
        new("ID", IsNumber: true), new("NAME", Shrinks: true), new("STATE"), new("DONE", IsNumber: true), new("SIZE", IsNumber: true), new("DOWN", IsNumber: true),
        new("UP", IsNumber: true), new("PEERS", IsNumber: true), new("ETA", IsNumber: true), new("LABELS", Shrinks: true),
    ];

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var command = new Command("list", "List the torrents of a running service.");
        remote.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = remote.Connect(parsed);
            var torrents = await client.TorrentsAsync(stop).ConfigureAwait(false);
            var output = parsed.InvocationConfiguration.Output;
            if (remote.IsJson(parsed))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(torrents, ApiJson.Default.IReadOnlyListTorrentResource)).ConfigureAwait(false);
                return ExitCode.Ok;
            }
            foreach (var line in Lines(torrents, Terminal.WidthOf(output)))
                await output.WriteLineAsync(line).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Torrents as lines, and their sum.</summary>
    /// <param name="torrents">The torrents.</param>
    /// <param name="width">Room in a line.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<TorrentResource> torrents, int width) =>
    [
        .. TextTable.Lines(Columns, [.. torrents.OrderBy(static torrent => torrent.Id).Select(Row)], width),
        TextTable.Cut(
            $"{Text.Count(torrents.Count, "torrent")}, down {Text.Rate(torrents.Sum(static torrent => torrent.DownloadRate))}, up {Text.Rate(torrents.Sum(static torrent => torrent.UploadRate))}",
            width),
    ];

    private static string[] Row(TorrentResource torrent) =>
    [
        torrent.Id.ToString(CultureInfo.InvariantCulture),
        Text.Printable(torrent.Name),
        RemoteText.State(torrent),
        RemoteText.Percent(torrent.Progress),
        RemoteText.Size(torrent),
        RemoteText.Rate(torrent.DownloadRate),
        RemoteText.Rate(torrent.UploadRate),
        string.Create(CultureInfo.InvariantCulture, $"{torrent.Peers.Running}/{torrent.Peers.Known}"),
        RemoteText.Eta(torrent),
        Text.Printable(string.Join(", ", torrent.Labels)),
    ];
}
