using System.Net;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Cli;

/// <summary>Fetches the metadata of a magnet link and nothing else.</summary>
/// <param name="Magnet">The link.</param>
/// <param name="Peers">Peers to ask besides those that are found.</param>
/// <param name="Profiles">Settings to lay over the usual ones.</param>
/// <param name="State">The folder in which metadata is kept.</param>
/// <param name="Patience">How long to try; null for as long as there is hope.</param>
internal sealed record MetadataRun(MagnetLink Magnet, IReadOnlyList<IPEndPoint> Peers, IReadOnlyList<string> Profiles, string State, TimeSpan? Patience)
{
    /// <summary>Fetches it.</summary>
    /// <param name="error">Where to say why it cannot be had.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The torrent, or the exit code.</returns>
    public async Task<(TorrentMetainfo? Torrent, int Code)> RunAsync(TextWriter error, CancellationToken stop)
    {
        var settings = EngineSettings.Load(Profiles);
        // It serves nobody: no port of its own is worth an error.
        settings = settings with { Options = settings.Options with { Listen = settings.Options.Listen with { Port = 0 } } };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (Patience is { } time)
            patience.CancelAfter(time);
        var host = await EngineHost.StartAsync(settings, State).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            var events = await host.Engine.SubscribeAsync().ConfigureAwait(false);
            await host.Engine.AddAsync(new TorrentSpec(Magnet, Path.GetTempPath()) { IsMetadataOnly = true, Peers = Peers }).ConfigureAwait(false);
            try
            {
                await foreach (var item in events.ReadAllAsync(patience.Token).ConfigureAwait(false))
                {
                    switch (item)
                    {
                        case TorrentEvent.MetadataReceived received:
                            return (received.Metainfo, ExitCode.Ok);
                        case TorrentEvent.MetadataRefused refused:
                            await error.WriteLineAsync($"The metadata cannot be used: {Text.Printable(refused.Reason)}").ConfigureAwait(false);
                            return (null, ExitCode.BadInput);
                        case TorrentEvent.Stuck stuck:
                            await error.WriteLineAsync($"The metadata cannot be had: {stuck.Reason}").ConfigureAwait(false);
                            return (null, ExitCode.NoProgress);
                    }
                }
                return (null, ExitCode.Failed);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                await error.WriteLineAsync("The metadata did not come in time.").ConfigureAwait(false);
                return (null, ExitCode.NoProgress);
            }
            finally
            {
                await StopAsync(host.Engine, settings.Options.Torrent.StopTimeout, error).ConfigureAwait(false);
            }
        }
    }

    private static async Task StopAsync(TorrentEngine engine, TimeSpan deadline, TextWriter error)
    {
        try
        {
            await engine.StopAsync(deadline + TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            await error.WriteLineAsync("The engine did not stop in time.").ConfigureAwait(false);
        }
    }
}
