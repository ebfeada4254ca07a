using System.Net;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Engine.Tests.Trackers;

/// <summary>An announce that the test answers.</summary>
internal sealed class TrackerCall(Uri tracker, AnnounceRequest request, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<TrackerAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Tracker { get; } = tracker;

    public AnnounceRequest Request { get; } = request;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public Task<TrackerAnswer> Answer => _answer.Task.WaitAsync(CancellationToken);

    public void Succeed(
        int intervalSeconds = 1800,
        int? minIntervalSeconds = null,
        string? trackerId = null,
        bool isLocal = false,
        params string[] peers) =>
        _answer.SetResult(new TrackerAnswer.Success(
            new AnnounceResponse(
                TimeSpan.FromSeconds(intervalSeconds),
                minIntervalSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                [.. peers.Select(peer => new TrackerPeer(IPEndPoint.Parse(peer), null))],
                3,
                4,
                null,
                trackerId),
            isLocal));

    public void Fail(TrackerErrorKind kind = TrackerErrorKind.Refused) => Fail(new TrackerError(kind, "No."));

    public void Fail(TrackerError error) => _answer.SetResult(new TrackerAnswer.Failure(error));

    public void Break(Exception exception) => _answer.SetException(exception);
}
