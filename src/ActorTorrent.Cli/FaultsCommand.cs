using System.CommandLine;
using System.Text.Json;
using ActorTorrent.Cli.Remote;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli;

/// <summary>The verb <c>faults</c>: the fault journal of a running service.</summary>
internal static class FaultsCommand
{
    private const int MostAtOnce = 10_000;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var remote = new RemoteOptions();
        var torrent = TorrentArgument.One(remote, "Its faults alone: number, info hash, or the beginning of that or of its name.", ArgumentArity.ZeroOrOne);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with those to come, until stopped." };
        var limit = NumberOption.Create("--limit", 1, MostAtOnce, "How many of those that were, the latest; 50 when not given.");
        var command = new Command("faults", "Show the faults of peers that a running service has seen, and what was done about each.") { torrent, follow, limit };
        remote.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var client = remote.Connect(parsed);
            var torrents = await client.TorrentsAsync(stop).ConfigureAwait(false);
            var only = parsed.GetValue(torrent) is { } name ? TorrentNames.Find(name, torrents) : null;
            var names = torrents.ToDictionary(static item => item.InfoHash, static item => item.Name, StringComparer.Ordinal);
            var (output, isJson) = (parsed.InvocationConfiguration.Output, remote.IsJson(parsed));
            try
            {
                var (after, most) = (0L, parsed.GetValue(limit) ?? 50);
                while (true)
                {
                    foreach (var fault in await client.FaultsAsync(only?.InfoHash, after, most, stop).ConfigureAwait(false))
                    {
                        after = fault.Number;
                        await output.WriteLineAsync(isJson
                            ? JsonSerializer.Serialize(fault, ApiJson.Default.FaultResource)
                            : RemoteText.Fault(fault, only is null ? names.GetValueOrDefault(fault.Torrent, fault.Torrent[..8]) : null)).ConfigureAwait(false);
                    }
                    await output.FlushAsync(stop).ConfigureAwait(false);
                    if (!parsed.GetValue(follow))
                        return ExitCode.Ok;
                    most = MostAtOnce;
                    await Task.Delay(Pace, stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && parsed.GetValue(follow))
            {
                return ExitCode.Ok;
            }
        });
        return command;
    }
}
