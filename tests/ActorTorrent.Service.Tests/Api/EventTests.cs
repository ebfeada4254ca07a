using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Api;
using ActorTorrent.Service.Tests.Support;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>Server-sent events, and going on where one was.</summary>
public sealed class EventTests
{
    private readonly GeneratedContent _content = new("content", 41, 64 << 10, [new("file.bin", 2_000_000)]);

    [Fact]
    public async Task Torrents_peers_and_faults_are_told_as_they_change()
    {
        await using var dying = await StubPeer.StartAsync(PeerScript.Dies(200_000, TransferEnding.Reset), _content.InfoHash, _content);
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(1 << 20), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await using var events = await ServerEvents.OpenAsync(service.Http, "/api/v1/events?peers=1");
        var (name, data) = await events.NextAsync();
        Assert.Equal("torrents", name);
        Assert.Equal(0, data.GetArrayLength());

        await service.AddAsync(_content, dying.EndPoint.ToString(), slow.EndPoint.ToString());

        await events.Until("torrent", t => t.GetProperty("id").GetInt32() == 1);
        var fault = await events.Until("fault");
        Assert.Equal("reset", fault.GetProperty("cause").GetString());
        var peers = await events.Until("peers", p => p.GetProperty("peers").EnumerateArray().Any(peer => peer.GetProperty("state").GetString() == "running"));
        var peer = peers.GetProperty("peers").EnumerateArray().First(p => p.GetProperty("address").GetString() == slow.EndPoint.ToString());
        Assert.Contains("D", peer.GetProperty("flags").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("manual", peer.GetProperty("sources")[0].GetString());
        await events.Until("torrent", t => t.GetProperty("progress").GetDouble() >= 1);
        using var removed = await service.Http.DeleteAsync("/api/v1/torrents/1");
        Assert.Equal(1, (await events.Until("removed")).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Who_comes_back_gets_what_it_missed()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        string last;
        await using (var events = await ServerEvents.OpenAsync(service.Http))
        {
            await service.AddAsync(_content);
            await events.Until("torrent", t => t.GetProperty("phase").GetString() == "downloading");
            last = events.LastId;
        }
        using var paused = await service.Http.PostAsync("/api/v1/torrents/1/actions/pause", null);
        await service.Until(1, t => t.GetProperty("phase").GetString() == "paused");
        using var removed = await service.Http.DeleteAsync("/api/v1/torrents/1");

        await using var again = await ServerEvents.OpenAsync(service.Http, lastId: last);

        var (name, _) = await again.NextAsync();
        Assert.Equal("torrent", name);
        Assert.Equal(1, (await again.Until("removed")).GetProperty("id").GetInt32());
        Assert.NotEqual(last, again.LastId);
    }

    [Theory]
    [InlineData("00000000-5")]
    [InlineData("nonsense")]
    [InlineData("-1")]
    public async Task Who_comes_back_too_late_is_told_of_the_gap_and_gets_everything(string lastId)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);

        await using var events = await ServerEvents.OpenAsync(service.Http, lastId: lastId);

        Assert.Equal("gap", (await events.NextAsync()).Name);
        var (name, data) = await events.NextAsync();
        Assert.Equal("torrents", name);
        Assert.Equal(1, data.GetArrayLength());
        Assert.NotEmpty(events.LastId);
    }

    [Fact]
    public async Task Only_what_is_wanted_is_sent()
    {
        await using var refusing = await StubPeer.StartAsync(PeerScript.Refuses(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await using var events = await ServerEvents.OpenAsync(service.Http, "/api/v1/events?kinds=fault");
        Assert.Equal("torrents", (await events.NextAsync()).Name);

        await service.AddAsync(_content, refusing.EndPoint.ToString());

        Assert.Equal("fault", (await events.NextAsync()).Name);
    }

    [Fact]
    public void The_ring_keeps_the_latest_and_knows_what_it_forgot()
    {
        var ring = new EventRing(4);
        for (var i = 1; i <= 10; i++)
            ring.Add("torrent", i, () => []);

        using var known = ring.Subscribe(new EventId(ring.Run, 7), null, out var isGap);
        Assert.False(isGap);
        Assert.Equal([8L, 9, 10], Read(known));
        using var oldest = ring.Subscribe(new EventId(ring.Run, 6), null, out isGap);
        Assert.False(isGap);
        Assert.Equal([7L, 8, 9, 10], Read(oldest));
        using var forgotten = ring.Subscribe(new EventId(ring.Run, 5), null, out isGap);
        Assert.True(isGap);
        Assert.Empty(Read(forgotten));
        Assert.Equal(10, forgotten.After);
        using var future = ring.Subscribe(new EventId(ring.Run, 11), null, out isGap);
        Assert.True(isGap);
        using var fresh = ring.Subscribe(null, 3, out isGap);
        Assert.False(isGap);
        ring.Add("peers", 3, () => []);
        Assert.Equal([11L], Read(fresh));
        Assert.Equal([3], ring.Watched);
        Assert.Equal(5, ring.Listeners);
    }

    [Fact]
    public void A_listener_that_does_not_read_loses_the_oldest_and_sees_it()
    {
        var ring = new EventRing(4);
        using var slow = ring.Subscribe(null, null, out _);
        for (var i = 1; i <= 5000; i++)
            ring.Add("torrent", 1, () => []);

        Assert.True(slow.Reader.TryRead(out var first));
        Assert.True(first!.Number > slow.After + 1);
    }

    private static List<long> Read(EventSubscription subscription)
    {
        var numbers = new List<long>();
        while (subscription.Reader.TryRead(out var happened))
            numbers.Add(happened.Number);
        return numbers;
    }
}
