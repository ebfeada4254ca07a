using System.Runtime.ExceptionServices;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Trackers;

/// <summary>
/// Keeps one torrent announced: tiers, events, intervals, back-off. It speaks <see cref="TrackerProtocol"/> with its parent, the
/// torrent's coordinator. A tracker's failure is a message; an exception here is a bug, and after the restart that its supervisor
/// decides on it waits, then goes on where it was.
/// </summary>
public sealed class TrackerActor : ObservedReceiveActor, IWithTimers, IWithStash
{
    private const string DueTimer = "due";
    private const string StopTimer = "stop";
    private const string NextTimer = "next";
    private static readonly TimeSpan StatsPatience = TimeSpan.FromSeconds(5);

    private readonly InfoHash _infoHash;
    private readonly PeerId _peerId;
    private readonly ushort _port;
    private readonly uint _key;
    private readonly TrackerOptions _options;
    private readonly ITrackerClient _client;
    private readonly IActorRef? _scrapes;
    private readonly AnnounceSchedule _schedule;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<Attempt, CancellationTokenSource> _inFlight = [];
    private readonly HashSet<Uri> _triedThisRound = [];
    private TrackerSession _session;
    private DateTimeOffset _dueAt;
    private int _told;
    private int _missed;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public TrackerActor(
        IReadOnlyList<IReadOnlyList<Uri>> tiers,
        InfoHash infoHash,
        PeerId peerId,
        ushort port,
        uint key,
        TrackerOptions options,
        ITrackerClient client,
        int seed,
        IActorRef? scrapes = null)
    {
        var random = new Random(seed);
        _infoHash = infoHash;
        _peerId = peerId;
        _port = port;
        _key = key;
        _options = options;
        _client = client;
        _scrapes = scrapes;
        _schedule = new AnnounceSchedule(options, random);
        _session = new TrackerSession(new TrackerTiers(tiers, random));
        Become(Idle);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    /// <inheritdoc/>
    protected override ActorKind Kind => ActorKind.Tracker;

    /// <summary>What a torrent's coordinator makes its tracker actor of.</summary>
    /// <param name="tiers">The announce URLs by tier, as the torrent lists them.</param>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="peerId">Our id.</param>
    /// <param name="port">Where we listen.</param>
    /// <param name="key">Tells a tracker who we are when our address changes.</param>
    /// <param name="options">Intervals, limits, deadlines.</param>
    /// <param name="client">Announces.</param>
    /// <param name="seed">Makes the order within a tier and the jitter repeatable.</param>
    /// <param name="scrapes">Asks trackers for their numbers; null when nobody wants to know.</param>
    public static Props Props(
        IReadOnlyList<IReadOnlyList<Uri>> tiers,
        InfoHash infoHash,
        PeerId peerId,
        ushort port,
        uint key,
        TrackerOptions options,
        ITrackerClient client,
        int seed,
        IActorRef? scrapes = null) =>
        Akka.Actor.Props.Create(() => new TrackerActor(tiers, infoHash, peerId, port, key, options, client, seed, scrapes));

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // The mailbox survives a restart, the fields do not: what must not be forgotten goes through it.
        _session.Restarts++;
        Self.Tell(new Resume(_session));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Become(Recovering);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        CancelInFlight();
        base.PostStop();
    }

    // Not started, or stopped.
    private void Idle()
    {
        Receive<TrackerProtocol.Start>(start =>
        {
            _session.IsRunning = true;
            _session.IsCompletedPending = false;
            _session.Stats = start.Stats;
            foreach (var entry in _session.InOrder)
            {
                // Somebody wants it to run now: no pause from before is kept.
                entry.IsGivenUp = false;
                entry.Failures = 0;
            }
            foreach (var tracker in _session.Tiers.Skipped)
            {
                var name = tracker.IsAbsoluteUri ? $"{tracker.Scheme}://{tracker.Authority}" : tracker.OriginalString;
                var reason = $"{name} is not announced to: only http, https and udp trackers are.";
                _log.Warning(reason);
                Context.Parent.Tell(new TrackerProtocol.TrackerSkipped(tracker, reason));
            }
            AnnounceNow();
        });
        Receive<TrackerProtocol.Stop>(_ => Sender.Tell(new TrackerProtocol.Stopped(0, 0)));
        Receive<TrackerProtocol.NeedPeers>(_ => { });
        Receive<TrackerProtocol.Completed>(_ => { });
        Receive<TrackerProtocol.Stats>(_ => { });
        IgnoreStale();
    }

    // Restarted; whatever is in the mailbox before the session comes back is older than the restart and waits for it.
    private void Recovering()
    {
        Receive<Resume>(resume =>
        {
            _session = resume.Session;
            if (_session.StopRequesters.Count > 0)
            {
                FinishStop();
            }
            else if (_session.IsRunning)
            {
                WaitFor(_schedule.Backoff(Math.Max(_session.Restarts, 1)));
            }
            else
            {
                Become(Idle);
            }
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    // Nothing in flight; the timer says when the next announce is due.
    private void Waiting()
    {
        Receive<Due>(_ => AskForStats());
        Receive<TrackerProtocol.NeedPeers>(_ => AnnounceEarly());
        Receive<TrackerProtocol.Completed>(completed =>
        {
            NoteCompleted(completed);
            AnnounceNow();
        });
        Receive<TrackerProtocol.Stats>(stats => _session.Stats = stats);
        ReceiveStop();
        IgnoreStale();
    }

    // An announce is due; the coordinator is asked for the numbers.
    private void Gathering()
    {
        Receive<TrackerProtocol.Stats>(stats =>
        {
            _session.Stats = stats;
            AnnounceNow();
        });
        Receive<TrackerProtocol.Completed>(completed =>
        {
            NoteCompleted(completed);
            AnnounceNow();
        });
        Receive<Due>(_ => AnnounceNow());
        Receive<TrackerProtocol.NeedPeers>(_ => { });
        ReceiveStop();
        IgnoreStale();
    }

    // An announce is in flight.
    private void Announcing()
    {
        Receive<Answered>(answered => OnAnswered(answered.Attempt, answered.Answer), answered => _inFlight.ContainsKey(answered.Attempt));
        Receive<Broken>(broken => OnBroken(broken.Attempt, broken.Cause), broken => _inFlight.ContainsKey(broken.Attempt));
        Receive<Impatient>(_ => AnnounceToNext());
        Receive<TrackerProtocol.Completed>(NoteCompleted);
        Receive<TrackerProtocol.Stats>(stats => _session.Stats = stats);
        Receive<TrackerProtocol.NeedPeers>(_ => { });
        ReceiveStop();
        IgnoreStale();
    }

    // The stopped announces are in flight.
    private void Stopping()
    {
        Receive<Answered>(
            answered =>
            {
                if (answered.Answer is TrackerAnswer.Failure failure)
                    _log.Debug("Tracker {0} did not take the stopped: {1}", answered.Attempt.Entry.Tracker.Authority, failure.Error);
                OnStopTold(answered.Attempt, answered.Answer is TrackerAnswer.Success);
            },
            answered => _inFlight.ContainsKey(answered.Attempt));
        Receive<Broken>(
            broken =>
            {
                _log.Error(broken.Cause, "Telling tracker {0} that we stopped broke", broken.Attempt.Entry.Tracker.Authority);
                OnStopTold(broken.Attempt, false);
            },
            broken => _inFlight.ContainsKey(broken.Attempt));
        Receive<StopDeadline>(_ =>
        {
            _missed += _inFlight.Count;
            FinishStop();
        });
        Receive<TrackerProtocol.Stop>(_ => _session.StopRequesters.Add(Sender));
        Receive<TrackerProtocol.Start>(_ => Stash.Stash());
        Receive<TrackerProtocol.NeedPeers>(_ => { });
        Receive<TrackerProtocol.Completed>(_ => { });
        Receive<TrackerProtocol.Stats>(_ => { });
        IgnoreStale();
    }

    private void ReceiveStop() => Receive<TrackerProtocol.Stop>(stop =>
    {
        _session.Stats = stop.Stats;
        _session.StopRequesters.Add(Sender);
        BeginStop();
    });

    // Ends of announces that were cancelled, timers that were just replaced, a session that has come back already.
    private void IgnoreStale()
    {
        Receive<Answered>(_ => { });
        Receive<Broken>(_ => { });
        Receive<Due>(_ => { });
        Receive<StopDeadline>(_ => { });
        Receive<Impatient>(_ => { });
        Receive<Resume>(_ => { });
        ReceiveScrapes();
    }

    private void ReceiveScrapes()
    {
        Receive<TrackerProtocol.Scrape>(_ =>
        {
            foreach (var entry in _session.InOrder.Where(entry => entry.IsStarted))
                Scrape(entry);
        });
        Receive<ScrapeProtocol.Scraped>(OnScraped);
    }

    private void ScrapeIfDue(TrackerEntry entry)
    {
        if (!entry.IsScrapeGivenUp && Now >= entry.NextScrape)
            Scrape(entry);
    }

    private void Scrape(TrackerEntry entry)
    {
        entry.NextScrape = Now + _options.ScrapeInterval;
        _scrapes?.Tell(new ScrapeProtocol.Want(entry.Tracker, _infoHash), Self);
    }

    private void OnScraped(ScrapeProtocol.Scraped scraped)
    {
        if (scraped.Error is not { } error)
        {
            Context.Parent.Tell(new TrackerProtocol.ScrapeSucceeded(scraped.Tracker, scraped.Numbers));
            return;
        }
        if (error is { Kind: TrackerErrorKind.NoScrape } or { NeverRetry: true })
        {
            foreach (var entry in _session.InOrder.Where(entry => entry.Tracker == scraped.Tracker))
                entry.IsScrapeGivenUp = true;
        }
        Context.Parent.Tell(new TrackerProtocol.ScrapeFailed(scraped.Tracker, error));
    }

    private void NoteCompleted(TrackerProtocol.Completed completed)
    {
        _session.Stats = completed.Stats;
        _session.IsCompletedPending = true;
    }

    private void AskForStats()
    {
        // A coordinator too busy to answer does not cost us our place in the swarm: then the last numbers are sent.
        Timers.StartSingleTimer(DueTimer, Due.Instance, StatsPatience);
        Become(Gathering);
        Context.Parent.Tell(TrackerProtocol.StatsWanted.Instance);
    }

    private void AnnounceNow()
    {
        Timers.Cancel(DueTimer);
        _triedThisRound.Clear();
        AnnounceToNext();
    }

    private void AnnounceToNext()
    {
        if (NextEntry(out var wait) is { } entry)
        {
            // One that is slow does not keep the next one waiting for as long as it may take.
            Timers.StartSingleTimer(NextTimer, Impatient.Instance, _options.NextTrackerAfter);
            Send(entry, EventFor(entry));
            Become(Announcing);
        }
        else if (_inFlight.Count > 0)
        {
            // All that can be asked have been; some may still answer.
            return;
        }
        else if (wait is { } delay)
        {
            WaitFor(delay);
        }
        else
        {
            Become(Waiting);
        }
    }

    // The first tracker that may be asked now; or none, and how long to wait for one (null when there is none left to wait for).
    private TrackerEntry? NextEntry(out TimeSpan? wait)
    {
        var now = Now;
        wait = null;
        foreach (var entry in _session.InOrder)
        {
            if (entry.IsGivenUp)
                continue;
            var remaining = entry.Remaining(now);
            if (entry.Failures == 0 && remaining > TimeSpan.Zero && EventFor(entry) == AnnounceEvent.None)
            {
                // It works and wants to be left alone: nobody behind it is asked in its place.
                wait = remaining;
                return null;
            }
            if (wait is null || remaining < wait)
                wait = remaining;
            var isHeld = entry.Failures > 0 && remaining > TimeSpan.Zero;
            if (!isHeld && !_triedThisRound.Contains(entry.Tracker))
                return entry;
        }
        return null;
    }

    private AnnounceEvent EventFor(TrackerEntry entry) =>
        !entry.IsStarted ? AnnounceEvent.Started
        : _session.IsCompletedPending ? AnnounceEvent.Completed
        : AnnounceEvent.None;

    private void Send(TrackerEntry entry, AnnounceEvent announceEvent)
    {
        var stats = _session.Stats;
        var numWant = announceEvent == AnnounceEvent.Stopped ? 0 : _options.NumWant;
        var request = new AnnounceRequest(
            _infoHash, _peerId, _port, stats.Uploaded, stats.Downloaded, stats.Left, announceEvent, numWant, _key, entry.TrackerId);
        var attempt = new Attempt(entry, announceEvent, _session.IsCompletedPending);
        var cancellation = new CancellationTokenSource();
        _triedThisRound.Add(entry.Tracker);
        _inFlight.Add(attempt, cancellation);
        AnnounceAsync(_client, entry.Tracker, request, cancellation.Token).PipeTo(
            Self,
            Self,
            answer => new Answered(attempt, answer),
            cause => new Broken(attempt, cause));
    }

    // Makes a failed task of what the client throws before its first await, too.
    private static async Task<TrackerAnswer> AnnounceAsync(
        ITrackerClient client, Uri tracker, AnnounceRequest request, CancellationToken cancellationToken) =>
        await client.AnnounceAsync(tracker, request, cancellationToken).ConfigureAwait(false);

    private void OnAnswered(Attempt attempt, TrackerAnswer answer)
    {
        Forget(attempt);
        switch (answer)
        {
            case TrackerAnswer.Success success:
                OnSuccess(attempt, success);
                break;
            case TrackerAnswer.Failure failure:
                var failed = NoteFailure(attempt.Entry, failure.Error);
                AnnounceToNext();
                Context.Parent.Tell(failed);
                break;
        }
    }

    private void OnSuccess(Attempt attempt, TrackerAnswer.Success success)
    {
        var entry = attempt.Entry;
        var response = success.Response;
        var next = _schedule.Interval(response);
        entry.Failures = 0;
        entry.IsStarted = true;
        entry.TrackerId = response.TrackerId ?? entry.TrackerId;
        entry.Hold(Now, _schedule.MinInterval(response));
        _session.Tiers.Promote(entry.Tracker);
        _session.Restarts = 0;
        if (attempt.TellsCompletion)
            _session.IsCompletedPending = false;
        var late = GiveUpRivals();

        // The parent is told last: who hears of an answer may rely on what follows from it being under way.
        if (_session.IsCompletedPending)
            AnnounceNow();
        else
            WaitFor(next);
        foreach (var failed in late)
            Context.Parent.Tell(failed);
        Context.Parent.Tell(new TrackerProtocol.AnnounceSucceeded(
            entry.Tracker, response.Peers.Count, response.Seeders, response.Leechers, next, response.Warning));
        if (response.Peers.Count > 0)
        {
            var peers = response.Peers.Select(peer => peer.EndPoint).ToArray();
            Context.Parent.Tell(new TrackerProtocol.PeersFound(peers, entry.Tracker, success.TrackerIsLocal));
        }
        ScrapeIfDue(entry);
    }

    /// <summary>Those that were asked before the one that answered and have not: one tracker is enough (BEP 12).</summary>
    private List<TrackerProtocol.AnnounceFailed> GiveUpRivals()
    {
        Timers.Cancel(NextTimer);
        var late = _inFlight.Keys.Select(rival => NoteFailure(rival.Entry, new TrackerError(
            TrackerErrorKind.Timeout, $"{rival.Entry.Tracker.Host} had not answered when another tracker did."))).ToList();
        CancelInFlight();
        return late;
    }

    private TrackerProtocol.AnnounceFailed NoteFailure(TrackerEntry entry, TrackerError error)
    {
        entry.Failures++;
        entry.IsGivenUp = error.NeverRetry;
        var delay = _schedule.Backoff(entry.Failures, error.RetryIn);
        entry.Hold(Now, delay);
        return new TrackerProtocol.AnnounceFailed(entry.Tracker, error, entry.IsGivenUp ? null : delay);
    }

    private void OnBroken(Attempt attempt, Exception cause)
    {
        Forget(attempt);

        // Noted before the restart, so that the round after it goes on with the next tracker.
        var error = new TrackerError(TrackerErrorKind.Internal, $"The announce broke: {cause.Message}");
        Context.Parent.Tell(NoteFailure(attempt.Entry, error));
        ExceptionDispatchInfo.Throw(cause);
    }

    private void AnnounceEarly()
    {
        _triedThisRound.Clear();
        var mayNow = NextEntry(out var wait) is not null;
        if (mayNow)
            AskForStats();
        else if (wait is { } delay && Now + delay < _dueAt)
            WaitFor(delay);
    }

    private void WaitFor(TimeSpan delay)
    {
        Timers.Cancel(NextTimer);
        _dueAt = Now + delay;
        Timers.StartSingleTimer(DueTimer, Due.Instance, delay);
        Become(Waiting);
    }

    private void BeginStop()
    {
        Timers.Cancel(DueTimer);
        Timers.Cancel(NextTimer);

        // A started that is still in flight may have reached its tracker.
        var told = _session.InOrder.Where(entry => entry.IsStarted)
            .Union(_inFlight.Keys.Where(attempt => attempt.Event == AnnounceEvent.Started).Select(attempt => attempt.Entry))
            .ToArray();
        CancelInFlight();
        _told = 0;
        _missed = 0;
        if (told.Length == 0)
        {
            FinishStop();
            return;
        }
        Become(Stopping);
        Timers.StartSingleTimer(StopTimer, StopDeadline.Instance, _options.StopDeadline);
        foreach (var entry in told)
            Send(entry, AnnounceEvent.Stopped);
    }

    private void OnStopTold(Attempt attempt, bool answered)
    {
        Forget(attempt);
        if (answered)
            _told++;
        else
            _missed++;
        if (_inFlight.Count == 0)
            FinishStop();
    }

    private void FinishStop()
    {
        Timers.Cancel(StopTimer);
        CancelInFlight();
        foreach (var entry in _session.InOrder)
            entry.IsStarted = false;
        _session.IsRunning = false;
        _session.IsCompletedPending = false;
        foreach (var requester in _session.StopRequesters)
            requester.Tell(new TrackerProtocol.Stopped(_told, _missed));
        _session.StopRequesters.Clear();
        Become(Idle);
        Stash.UnstashAll();
    }

    private void Forget(Attempt attempt)
    {
        if (_inFlight.Remove(attempt, out var cancellation))
            cancellation.Dispose();
    }

    private void CancelInFlight()
    {
        foreach (var cancellation in _inFlight.Values)
        {
            cancellation.Cancel();
            cancellation.Dispose();
        }
        _inFlight.Clear();
    }

    // Compared by reference: each one is another announce.
    private sealed class Attempt(TrackerEntry entry, AnnounceEvent announceEvent, bool tellsCompletion)
    {
        public TrackerEntry Entry { get; } = entry;

        public AnnounceEvent Event { get; } = announceEvent;

        // The numbers sent, or the event, say that nothing is left.
        public bool TellsCompletion { get; } = tellsCompletion;
    }

    private sealed record Answered(Attempt Attempt, TrackerAnswer Answer);

    private sealed record Broken(Attempt Attempt, Exception Cause);

    private sealed record Resume(TrackerSession Session);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }

    private sealed record Impatient
    {
        public static readonly Impatient Instance = new();
    }

    private sealed record StopDeadline
    {
        public static readonly StopDeadline Instance = new();
    }
}
