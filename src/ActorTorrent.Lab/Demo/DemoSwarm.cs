using System.Net;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Lab.Trackers;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Lab.Demo;

/// <summary>The first write-up's swarm on loopback with its tracker; four of the thirteen that answer fail while they serve.</summary>
internal sealed class DemoSwarm : IAsyncDisposable
{
    private readonly StubSwarm _peers;
    private readonly LabTracker _tracker;

    private DemoSwarm(GeneratedContent content, StubSwarm peers, LabTracker tracker)
    {
        Content = content;
        _peers = peers;
        _tracker = tracker;
        Answering = [.. peers.Peers.Where(static peer => peer.Script.PeerId is not null)];
        Reset = Find(TransferEnding.Reset);
        Closed = Find(TransferEnding.Close);
        Stalled = Find(TransferEnding.Stall);
        Liar = Answering.Single(static peer => peer.Script.Corruption is not null);
    }

    public GeneratedContent Content { get; }

    public Uri AnnounceUri => _tracker.AnnounceUri;

    /// <summary>The thirteen that answer.</summary>
    public IReadOnlyList<StubPeer> Answering { get; }

    public StubPeer Reset { get; }

    public StubPeer Closed { get; }

    public StubPeer Stalled { get; }

    public StubPeer Liar { get; }

    public IReadOnlyList<StubPeer> Faulty => [Reset, Closed, Stalled, Liar];

    public static async Task<DemoSwarm> StartAsync(DemoPlan plan, CancellationToken cancellation)
    {
        var content = plan.CreateContent();
        // Every core hashes here; a thread of the pool waits for it.
        var infoHash = await Task.Run(() => content.InfoHash, cancellation);
        var tracker = new LabTracker(new LabTrackerOptions { Seed = plan.Seed });
        StubSwarm? peers = null;
        try
        {
            await tracker.StartAsync(IPAddress.Loopback, 0, cancellation);
            peers = await StubSwarm.StartAsync(FirstWriteupSwarm.Create(plan.Seed, Serving(plan)), infoHash, content, cancellation);
            foreach (var peer in peers.Peers)
                tracker.Swarms.Pin(infoHash, new SwarmPeer(peer.EndPoint, peer.PeerId, IsSeed: true));
            return new DemoSwarm(content, peers, tracker);
        }
        catch
        {
            if (peers is not null)
                await peers.DisposeAsync();
            await tracker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the tracker, as any client does.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> AskTrackerAsync(CancellationToken cancellation)
    {
        var client = new HttpTrackerClient(new TrackerOptions());
        var request = new AnnounceRequest(
            Content.InfoHash, PeerId.Create(Random.Shared), 1, 0, 0, Content.Layout.TotalLength, AnnounceEvent.Started, 200, 0);
        var answer = await client.AnnounceAsync(AnnounceUri, request, cancellation);
        if (answer is TrackerAnswer.Failure failure)
            throw new InvalidOperationException($"The tracker inside this process does not answer: {failure.Error}");
        await client.AnnounceAsync(AnnounceUri, request with { Event = AnnounceEvent.Stopped, NumWant = 0 }, cancellation);
        return [.. ((TrackerAnswer.Success)answer).Response.Peers.Select(static peer => peer.EndPoint)];
    }

    public async ValueTask DisposeAsync()
    {
        await _peers.DisposeAsync();
        await _tracker.DisposeAsync();
    }

    private static PeerScript[] Serving(DemoPlan plan)
    {
        var serving = new PeerScript[FirstWriteupSwarm.Answering];
        Array.Fill(serving, PeerScript.Healthy(plan.BytesPerSecond));
        serving[1] = PeerScript.Dies(plan.ResetAfterBytes, TransferEnding.Reset, plan.BytesPerSecond, plan.ReturnsAfter);
        serving[5] = PeerScript.Dies(plan.CloseAfterBytes, TransferEnding.Close, plan.BytesPerSecond);
        serving[7] = PeerScript.Stalls(plan.StallAfterBytes, plan.BytesPerSecond);
        serving[9] = PeerScript.Corrupts(new BlockCorruption(Every: plan.CorruptEvery), plan.BytesPerSecond);
        return serving;
    }

    private StubPeer Find(TransferEnding ending) => Answering.Single(peer => peer.Script.Fault?.Ending == ending);
}
