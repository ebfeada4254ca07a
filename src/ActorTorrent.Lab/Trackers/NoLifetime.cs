using Microsoft.Extensions.Hosting;

namespace ActorTorrent.Lab.Trackers;

/// <summary>Leaves Ctrl-C and SIGTERM to the program that the tracker runs in; the default would take them.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
