using System.CommandLine;
using ActorTorrent.Cli.Remote;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>remove</c>: takes torrents out of a running service.</summary>
internal static class RemoveCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var torrents = TorrentArgument.Many(remote, "Their numbers, info hashes, or the beginnings of those or of their names.");
        var data = new Option<bool>("--data") { Description = "Delete their files, too." };
        var command = new Command("remove", "Take torrents out of a running service.") { torrents, data };
        remote.AddTo(command);
        command.SetAction((parsed, stop) => TorrentSteps.RunAsync(
            remote, parsed, parsed.GetValue(torrents) ?? [], "removed", (client, torrent) => client.RemoveAsync(torrent.Id, parsed.GetValue(data), stop), stop));
        return command;
    }
}
