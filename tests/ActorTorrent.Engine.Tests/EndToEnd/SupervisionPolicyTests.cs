using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>
/// What one peer's failure means to it and to its fellows under each <c>faults.policy</c>. The peers serve nothing, so that nothing but the
/// failure ends a connection.
/// </summary>
public sealed class SupervisionPolicyTests : IDisposable
{
    private readonly GeneratedContent _content = new("content", 12, 64 << 10, [new("a.bin", 1_000_000)]);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("back-off", 50, 2, 1)]
    [InlineData("at-once", 0, 2, 1)]
    [InlineData("all-for-one", 50, 2, 2)]
    public async Task One_failure_restarts_the_failed_one_and_its_fellows_only_all_for_one(string policy, int delay, int victims, int fellows)
    {
        await using var victim = await StartAsync();
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var engine = await DownloadAsync(policy, victim, first, second);

        victim.Depart(PeerDeparture.Rst);
        victim.Return();

        var entry = await engine.Until<FaultJournalEntry>(e => e.Fault.EndPoint.Equals(victim.EndPoint));
        Assert.Equal((FaultCause.Reset, FaultAction.Restart), (entry.Fault.Cause, entry.Decision.Action));
        Assert.Equal(delay, entry.Decision.Delay.TotalMilliseconds);
        await Eventually.HoldsAsync(
            () => victim.Counts.Handshakes == victims && first.Counts.Handshakes == fellows && second.Counts.Handshakes == fellows,
            () => $"handshakes: {victim.Counts.Handshakes} of the failed one, {first.Counts.Handshakes} and {second.Counts.Handshakes} of the others");
        // Fellows that are restarted have done nothing wrong.
        Assert.Equal([victim.EndPoint], engine.Seen.OfType<FaultJournalEntry>().Select(e => e.Fault.EndPoint).Distinct());
    }

    [Fact]
    public async Task Never_means_that_it_stays_away_and_nobody_else_notices()
    {
        await using var victim = await StartAsync();
        await using var fellow = await StartAsync();
        await using var engine = await DownloadAsync("never", victim, fellow);

        victim.Depart(PeerDeparture.Rst);
        victim.Return();

        var entry = await engine.Until<FaultJournalEntry>(e => e.Fault.EndPoint.Equals(victim.EndPoint));
        Assert.Equal(FaultAction.Stop, entry.Decision.Action);
        // A second failure is decided after whatever the first one set off.
        fellow.Depart(PeerDeparture.Rst);
        await engine.Until<FaultJournalEntry>(e => e.Fault.EndPoint.Equals(fellow.EndPoint));
        await engine.Engine.RemoveAsync(_content.InfoHash, withData: false);
        Assert.Equal((1, 1), (victim.Counts.Connections, fellow.Counts.Connections));
    }

    private async Task<EngineUnderTest> DownloadAsync(string policy, params StubPeer[] peers)
    {
        var engine = await EngineUnderTest.StartAsync(
            $"actortorrent {{ faults {{ policy = {policy}, retry-delay = 50ms, jitter = 0, max-retries = 1000 }}, peer.inactivity-timeout = 10m }}");
        await engine.DownloadAsync(_content, _folder.Path, [.. peers.Select(peer => peer.EndPoint)]);
        await engine.Until<TorrentSnapshot>(s => s.Peers.Running == peers.Length);
        return engine;
    }

    private Task<StubPeer> StartAsync() => StubPeer.StartAsync(new PeerScript { Name = "chokes", ChokesForever = true }, _content.InfoHash, _content);
}
