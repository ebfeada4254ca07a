using System.Diagnostics;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Lab.Demo;

/// <summary>Downloads a torrent through the real engine, in an actor system of its own: all that a demo has to do with it.</summary>
internal static class DemoDownload
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    public static async Task<DemoDownloadResult> RunAsync(
        TorrentMetainfo torrent, string folder, IReadOnlyList<string> profiles, Action<TorrentSnapshot> progress,
        Action<FaultJournalEntry, TimeSpan> fault, CancellationToken cancellation)
    {
        var settings = EngineSettings.Load(profiles);
        var system = ActorSystem.Create("demo", settings.Akka);
        try
        {
            var context = new EngineContext(settings.Options, new HttpTrackerClient(settings.Options.Tracker));
            var engine = TorrentEngine.Start(system, context);
            var events = await engine.SubscribeAsync();
            var started = Stopwatch.GetTimestamp();
            await engine.AddAsync(new TorrentSpec(torrent, folder));
            var faults = new List<FaultJournalEntry>();
            var failedPieces = 0;
            TorrentSnapshot? last = null;
            string? failure = null;
            var complete = false;
            await foreach (var happening in events.ReadAllAsync(cancellation))
            {
                switch (happening)
                {
                    case TorrentSnapshot snapshot:
                        last = snapshot;
                        progress(snapshot);
                        break;
                    case FaultJournalEntry entry:
                        faults.Add(entry);
                        fault(entry, Stopwatch.GetElapsedTime(started));
                        break;
                    case TorrentEvent.PieceFailed:
                        failedPieces++;
                        break;
                    case TorrentEvent.Stuck stuck:
                        failure = stuck.Reason;
                        break;
                    case TorrentEvent.DiskFailed disk:
                        failure = $"The disk failed: {disk.Fault}";
                        break;
                    case TorrentEvent.Completed completed:
                        last = completed.Final;
                        complete = true;
                        break;
                }
                if (complete || failure is not null)
                    break;
            }
            var elapsed = Stopwatch.GetElapsedTime(started);
            await engine.StopAsync(StopDeadline);
            return new DemoDownloadResult(
                last, complete ? null : failure ?? "The engine ended before the download did.", faults, failedPieces, elapsed);
        }
        finally
        {
            await system.Terminate();
        }
    }
}
