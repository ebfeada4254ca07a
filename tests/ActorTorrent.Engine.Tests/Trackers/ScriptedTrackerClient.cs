using System.Threading.Channels;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

/// <summary>Hands every announce to the test.</summary>
internal sealed class ScriptedTrackerClient : ITrackerClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Channel<TrackerCall> _calls = Channel.CreateUnbounded<TrackerCall>();

    private readonly Channel<(Uri Tracker, IReadOnlyList<InfoHash> Torrents)> _scrapes =
        Channel.CreateUnbounded<(Uri Tracker, IReadOnlyList<InfoHash> Torrents)>();

    /// <summary>Answers scrapes.</summary>
    public Func<Uri, IReadOnlyList<InfoHash>, ScrapeAnswer> Scrape { get; set; } =
        (_, torrents) => new ScrapeAnswer.Success(torrents.ToDictionary(torrent => torrent, _ => new ScrapeEntry(1, 2, 3)));

    public Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        var call = new TrackerCall(tracker, request, cancellationToken);
        Assert.True(_calls.Writer.TryWrite(call));
        return call.Answer;
    }

    public Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents, CancellationToken cancellationToken)
    {
        Assert.True(_scrapes.Writer.TryWrite((tracker, torrents)));
        return Task.FromResult(Scrape(tracker, torrents));
    }

    public async Task<(Uri Tracker, IReadOnlyList<InfoHash> Torrents)> NextScrapeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _scrapes.Reader.ReadAsync(patience.Token);
    }

    public async Task<TrackerCall> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _calls.Reader.ReadAsync(patience.Token);
    }

    public async Task<TrackerCall> NextAsync(Uri tracker, AnnounceEvent announceEvent)
    {
        var call = await NextAsync();
        Assert.Equal(tracker, call.Tracker);
        Assert.Equal(announceEvent, call.Request.Event);
        return call;
    }

    public void AssertIdle() => Assert.False(_calls.Reader.TryPeek(out _), "An announce that was not expected.");
}
