using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using Akka.Actor;

namespace ActorTorrent.Cli;

/// <summary>Asks trackers without an engine, within the time that somebody waits at a terminal.</summary>
internal sealed class AskingTrackers : IAsyncDisposable
{
    private static readonly TrackerOptions Options = new()
    {
        AnnounceTimeout = TimeSpan.FromSeconds(15),
        UdpRetransmit = TimeSpan.FromSeconds(3),
        UdpAnnounceTimeout = TimeSpan.FromSeconds(15),
    };

    private readonly ActorSystem _system = ActorSystem.Create("trackers", EngineSettings.Load().Akka);

    public AskingTrackers() => Client = new TrackerClients(new HttpTrackerClient(Options), UdpTrackerClient.Start(_system, Options));

    /// <summary>For HTTP and UDP trackers.</summary>
    public ITrackerClient Client { get; }

    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);
}
