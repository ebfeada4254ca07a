using System.CommandLine;
using System.Text.Json;
using ActorTorrent.Cli.Remote;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>peers</c>: the peers of a running service's torrent.</summary>
internal static class PeersCommand
{
    private static readonly TextColumn[] Columns =
    [
        new("ADDRESS"), new("CLIENT", Shrinks: true), new("STATE"), new("FLAGS"), new("FROM"), new("DONE", IsNumber: true), new("DOWN", IsNumber: true),
        new("UP", IsNumber: true), new("LAST FAULT", Shrinks: true),
    ];

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var torrent = TorrentArgument.One(remote, "Its number, its info hash, or the beginning of that or of its name.", ArgumentArity.ExactlyOne);
        var command = new Command("peers", "Show the peers of a running service's torrent.") { torrent };
        remote.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = remote.Connect(parsed);
            var found = TorrentNames.Find(parsed.GetValue(torrent)!, await client.TorrentsAsync(stop).ConfigureAwait(false));
            var peers = await client.PeersAsync(found.Id, stop).ConfigureAwait(false);
            var output = parsed.InvocationConfiguration.Output;
            if (remote.IsJson(parsed))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(peers, ApiJson.Default.IReadOnlyListPeerResource)).ConfigureAwait(false);
                return ExitCode.Ok;
            }
            var rows = peers.OrderByDescending(static peer => peer.DownloadRate + peer.UploadRate).ThenBy(static peer => peer.State != "running").Select(Row).ToArray();
            foreach (var line in TextTable.Lines(Columns, rows, Terminal.WidthOf(output)))
                await output.WriteLineAsync(line).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string[] Row(PeerResource peer) =>
    [
        peer.Address,
        Text.Printable(peer.Client ?? "-"),
        peer.State,
        peer.Flags,
        peer.Sources.Count > 0 ? peer.Sources[0] : "-",
        RemoteText.Percent(peer.Progress),
        RemoteText.Rate(peer.DownloadRate),
        RemoteText.Rate(peer.UploadRate),
        Text.Printable(peer.LastFault ?? "-"),
    ];
}
