using System.CommandLine;
using System.Globalization;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Remote;

/// <summary>Does the same to each of some torrents, and says so.</summary>
internal static class TorrentSteps
{
    /// <summary>Does it.</summary>
    /// <param name="remote">Where the service is.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="names">The torrents as the user names them; all of them are looked for before anything is done.</param>
    /// <param name="done">What is done, for the user, such as <c>paused</c>.</param>
    /// <param name="step">Does it to one.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<int> RunAsync(
        RemoteOptions remote, ParseResult parsed, IReadOnlyList<string> names, string done, Func<RemoteClient, TorrentResource, Task> step, CancellationToken stop)
    {
        using var client = remote.Connect(parsed);
        var output = parsed.InvocationConfiguration.Output;
        var json = remote.IsJson(parsed) ? new JsonLines(output) : null;
        foreach (var torrent in TorrentNames.Find(names, await client.TorrentsAsync(stop).ConfigureAwait(false)))
        {
            await step(client, torrent).ConfigureAwait(false);
            if (json is null)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done}: {torrent.Id}  {Text.Printable(torrent.Name)}")).ConfigureAwait(false);
                continue;
            }
            json.Write(done, writer =>
            {
                writer.WriteNumber("id", torrent.Id);
                writer.WriteString("infoHash", torrent.InfoHash);
                writer.WriteString("name", torrent.Name);
            });
        }
        return ExitCode.Ok;
    }
}
