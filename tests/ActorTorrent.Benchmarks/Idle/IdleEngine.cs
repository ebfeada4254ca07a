using System.Globalization;
using System.Threading.Channels;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Idle;

/// <summary>The command <c>idle-engine</c>: a process of <see cref="IdleCommand"/> that seeds many torrents with the settings that users have.</summary>
internal static class IdleEngine
{
    public static async Task<int> RunAsync(string folder, int torrents)
    {
        var settings = EngineSettings.Load();
        var options = settings.Options with
        {
            Listen = settings.Options.Listen with { Port = 0 },
            Dht = settings.Options.Dht with { Enabled = false },
            Lsd = settings.Options.Lsd with { Enabled = false },
        };
        var context = new EngineContext(options, new HttpTrackerClient(options.Tracker));
        var system = ActorSystem.Create("idle", settings.Akka);
        var engine = TorrentEngine.Start(system, context);
        var events = await engine.SubscribeAsync();
        // Read while they are added: a reader that comes later finds the oldest events gone.
        var seeding = SeedingAsync(events, torrents);
        foreach (var content in IdleTorrents.Make(torrents))
        {
            await content.WriteFilesAsync(folder, CancellationToken.None);
            await engine.AddAsync(new TorrentSpec(content.Metainfo, folder));
        }
        await seeding;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"event":"seeding","port":{{context.ListenPort}}}"""));

        // Until it is told to end; what happens meanwhile is of no interest.
        await foreach (var _ in events.ReadAllAsync())
        {
        }
        return 0;
    }

    private static async Task SeedingAsync(ChannelReader<object> events, int torrents)
    {
        for (var missing = torrents; missing > 0;)
        {
            if (await events.ReadAsync() is TorrentEvent.Completed)
                missing--;
        }
    }
}
