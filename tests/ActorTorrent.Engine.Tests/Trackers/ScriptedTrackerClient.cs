using System.Threading.Channels;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

/// <summary>Hands every announce to the test.</summary>
internal sealed class ScriptedTrackerClient : ITrackerClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Channel<TrackerCall> _calls = Channel.CreateUnbounded<TrackerCall>();

    public Task<TrackerAnswer> AnnounceAsync(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        var call = new TrackerCall(tracker, request, cancellationToken);
        Assert.True(_calls.Writer.TryWrite(call));
        return call.Answer;
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
