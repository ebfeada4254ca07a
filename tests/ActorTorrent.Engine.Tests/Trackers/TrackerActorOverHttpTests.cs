using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using static ActorTorrent.Engine.Trackers.TrackerProtocol;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class TrackerActorOverHttpTests : TestKit
{
    private static readonly InfoHash Hash = InfoHash.Parse("00ff25202b41c3a97f80fe0a0d26233f3d2fe282");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TrackerOptions Options = new() { BackoffBase = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task A_tracker_that_recovers_is_announced_to_and_names_peers_and_hears_of_the_end()
    {
        await using var lab = new LabTracker(new LabTrackerOptions { Fault = new TrackerFault.HttpStatus(503) });
        await lab.StartAsync();
        var parent = CreateTestProbe();
        var tracker = await StartAsync(lab, parent.Ref, 1);

        var failed = await parent.ExpectMsgAsync<AnnounceFailed>(Patience);
        Assert.Equal((lab.AnnounceUri, TrackerErrorKind.HttpStatus, 503), (failed.Tracker, failed.Error.Kind, failed.Error.HttpStatus));
        lab.Fault = null;
        while (await parent.ExpectMsgAsync<object>(Patience) is not AnnounceSucceeded)
            tracker.Tell(new Stats(0, 0, 100));

        var other = CreateTestProbe();
        var otherTracker = await StartAsync(lab, other.Ref, 2);
        await other.ExpectMsgAsync<AnnounceSucceeded>(Patience);
        var found = await other.ExpectMsgAsync<PeersFound>(Patience);
        Assert.True(found.TrackerIsLocal);
        Assert.Equal("127.0.0.1:1", Assert.Single(found.Peers).ToString());

        otherTracker.Tell(new Completed(new Stats(0, 100, 0)));
        Assert.Equal(1, (await other.ExpectMsgAsync<AnnounceSucceeded>(Patience)).Seeders);
        Assert.Equal(new SwarmCounts(1, 1, 1), lab.Swarms.Scrape(Hash));

        Assert.Equal(new Stopped(1, 0), await tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 100)), Patience));
        Assert.Equal(new Stopped(1, 0), await otherTracker.Ask<Stopped>(new Stop(new Stats(0, 100, 0)), Patience));
        Assert.Equal(new SwarmCounts(0, 0, 1), lab.Swarms.Scrape(Hash));
    }

    private async Task<IActorRef> StartAsync(LabTracker lab, IActorRef parent, ushort port)
    {
        var props = TrackerActor.Props(
            [[lab.AnnounceUri]], Hash, PeerId.Create(new Random(port)), port, port, Options, new HttpTrackerClient(Options), port);
        var coordinator = Sys.ActorOf(Props.Create(() => new TrackerParent(props, parent)));
        var tracker = await coordinator.Ask<IActorRef>(TrackerParent.GetChild.Instance, Patience);
        tracker.Tell(new Start(new Stats(0, 0, 100)));
        return tracker;
    }
}
