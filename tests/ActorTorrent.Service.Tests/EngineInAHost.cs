using ActorTorrent.Service.Session;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Service.Tests;

/// <summary>The sample of the README: the engine in a .NET host of one's own.</summary>
public static class EngineInAHost
{
    public static async Task<TorrentView> RunAsync(byte[] torrentFile, IConfiguration configuration, Action<string> print, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddActorTorrent(configuration);
        using var host = builder.Build();
        await host.StartAsync(stop);

        var torrents = host.Services.GetRequiredService<IActorTorrent>();
        var (torrent, _) = await torrents.AddAsync(NewTorrent.OfFile(torrentFile) with { Labels = ["sample"] });
        await foreach (var what in torrents.WatchAsync(stop))
        {
            if (what is SessionEvent.Changed { Torrent: var now } && now.Id == torrent.Id)
                print($"{now.Name}: {now.Snapshot?.BytesVerified} of {now.Snapshot?.BytesWanted} bytes, {now.Phase}");
            if ((await torrents.FindAsync(torrent.Id)) is { IsComplete: true } complete)
            {
                await host.StopAsync(stop);
                return complete;
            }
        }
        throw new OperationCanceledException(stop);
    }
}
