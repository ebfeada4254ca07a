using System.CommandLine;
using ActorTorrent.Cli.Remote;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>pause</c>: stops torrents of a running service.</summary>
internal static class PauseCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var torrents = TorrentArgument.Many(remote, "Their numbers, info hashes, or the beginnings of those or of their names.");
        var command = new Command("pause", "Stop torrents of a running service.") { torrents };
        remote.AddTo(command);
        command.SetAction((parsed, stop) => TorrentSteps.RunAsync(
            remote, parsed, parsed.GetValue(torrents) ?? [], "paused", (client, torrent) => client.PauseAsync(torrent.Id, stop), stop));
        return command;
    }
}
