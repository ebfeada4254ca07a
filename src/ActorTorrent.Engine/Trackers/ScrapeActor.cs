using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Engine.Trackers;

/// <summary>
/// Asks trackers for numbers (BEP 48) on behalf of all torrents: those that want to know the same tracker's within a short time are named
/// in one question. It speaks <see cref="ScrapeProtocol"/>.
/// </summary>
internal sealed class ScrapeActor : ObservedReceiveActor, IWithTimers
{
    private readonly ITrackerClient _client;
    private readonly Dictionary<Uri, Dictionary<InfoHash, HashSet<IActorRef>>> _gathering = [];
    private readonly CancellationTokenSource _stopping = new();

    public ScrapeActor(TrackerOptions options, ITrackerClient client)
    {
        _client = client;
        Receive<ScrapeProtocol.Want>(want =>
        {
            if (!_gathering.TryGetValue(want.Tracker, out var torrents))
            {
                _gathering[want.Tracker] = torrents = [];
                Timers.StartSingleTimer(want.Tracker, new Ask(want.Tracker), options.ScrapeGather);
            }
            if (!torrents.TryGetValue(want.Torrent, out var askers))
                torrents[want.Torrent] = askers = [];
            askers.Add(Sender);
        });
        Receive<Ask>(ask =>
        {
            if (_gathering.Remove(ask.Tracker, out var askers))
                ScrapeAsync(ask.Tracker, [.. askers.Keys]).PipeTo(Self, Self, answer => new Answered(ask.Tracker, askers, answer));
        });
        Receive<Answered>(answered =>
        {
            var numbers = (answered.Answer as ScrapeAnswer.Success)?.Torrents;
            var error = (answered.Answer as ScrapeAnswer.Failure)?.Error;
            foreach (var (torrent, askers) in answered.Askers)
            {
                foreach (var asker in askers)
                    asker.Tell(new ScrapeProtocol.Scraped(answered.Tracker, numbers?.GetValueOrDefault(torrent), error));
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Scrapes;

    public static Props Props(TrackerOptions options, ITrackerClient client) => Akka.Actor.Props.Create(() => new ScrapeActor(options, client));

    protected override void PostStop()
    {
        _stopping.Cancel();
        base.PostStop();
    }

    // An exception is a fault of ours; those who asked are told so, and it ends nothing else.
    private async Task<ScrapeAnswer> ScrapeAsync(Uri tracker, IReadOnlyList<InfoHash> torrents)
    {
        try
        {
            return await _client.ScrapeAsync(tracker, torrents, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new ScrapeAnswer.Failure(new TrackerError(TrackerErrorKind.Internal, $"The scrape broke: {exception.Message}"));
        }
    }

    private sealed record Ask(Uri Tracker);

    private sealed record Answered(Uri Tracker, Dictionary<InfoHash, HashSet<IActorRef>> Askers, ScrapeAnswer Answer);
}
