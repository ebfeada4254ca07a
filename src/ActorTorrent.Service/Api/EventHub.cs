using System.Text.Json;
using ActorTorrent.Service.Session;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Service.Api;

/// <summary>Fills the <see cref="EventRing"/>: what the session says, and the peers of torrents that somebody looks at.</summary>
/// <param name="session">The session.</param>
/// <param name="ring">The ring.</param>
/// <param name="texts">Torrents as they are told.</param>
/// <param name="lifetime">When the host begins to stop, listeners are let go: the server waits for them before anything else is stopped.</param>
internal sealed class EventHub(IActorTorrent session, EventRing ring, TorrentTexts texts, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan PeersInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = lifetime.ApplicationStopping.Register(ring.Complete);
        await Task.WhenAll(ReadAsync(stoppingToken), LookAtPeersAsync(stoppingToken)).ConfigureAwait(false);
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var happened in session.WatchAsync(stop).ConfigureAwait(false))
            {
                switch (happened)
                {
                    case SessionEvent.Changed changed:
                        ring.Add("torrent", changed.Torrent.Id, () => texts.Of(changed.Torrent));
                        break;
                    case SessionEvent.Removed removed:
                        ring.Add("removed", removed.Id, () => JsonSerializer.SerializeToUtf8Bytes(
                            new RemovedResource(removed.Id, removed.InfoHash.ToString()), ApiJson.Default.RemovedResource));
                        break;
                    case SessionEvent.Faulted faulted:
                        ring.Add("fault", 0, () => JsonSerializer.SerializeToUtf8Bytes(
                            ApiMapping.Of(faulted.Fault), ApiJson.Default.FaultResource));
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAtPeersAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PeersInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                foreach (var id in ring.Watched)
                    await TellPeersAsync(id).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task TellPeersAsync(int id)
    {
        try
        {
            if (await session.FindAsync(id).ConfigureAwait(false) is not { Route: not null } view)
                return;
            var peers = await session.PeersAsync(view).ConfigureAwait(false);
            var pieces = view.Metainfo?.Layout.PieceCount ?? 0;
            ring.Add("peers", id, () => JsonSerializer.SerializeToUtf8Bytes(
                new PeersResource(id, view.InfoHash.ToString(), [.. peers.Select(peer => ApiMapping.Of(peer, pieces))]), ApiJson.Default.PeersResource));
        }
        catch (Exception e) when (e is SessionException or Akka.Actor.AskTimeoutException)
        {
            // It went meanwhile, or is too busy to say; the next round asks again.
        }
    }
}
