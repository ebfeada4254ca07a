using System.CommandLine;
using ActorTorrent.Cli.Remote;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>resume</c>: lets torrents of a running service go on.</summary>
internal static class ResumeCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var torrents = TorrentArgument.Many(remote, "Their numbers, info hashes, or the beginnings of those or of their names.");
        var now = new Option<bool>("--now") { Description = "Let them not wait for their turn." };
        var command = new Command("resume", "Let torrents of a running service go on.") { torrents, now };
        remote.AddTo(command);
        command.SetAction((parsed, stop) => TorrentSteps.RunAsync(
            remote, parsed, parsed.GetValue(torrents) ?? [], "resumed", (client, torrent) => client.ResumeAsync(torrent.Id, parsed.GetValue(now), stop), stop));
        return command;
    }
}
