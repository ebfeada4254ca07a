using System.Net;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;
using static ActorTorrent.Engine.Trackers.TrackerProtocol;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class TrackerActorTests : TestKit
{
    private static readonly Uri A = new("http://a.example/announce");
    private static readonly Uri B = new("http://b.example/announce");
    private static readonly InfoHash Hash = InfoHash.Parse("000102030405060708090a0b0c0d0e0f10111213");
    private static readonly PeerId Id = PeerId.Create(new Random(1));

    private static readonly TrackerOptions Options = new()
    {
        IntervalFloor = TimeSpan.FromSeconds(10),
        IntervalCeiling = TimeSpan.FromHours(1),
        DefaultMinInterval = TimeSpan.FromMinutes(2),
        BackoffBase = TimeSpan.FromSeconds(5),
        BackoffCap = TimeSpan.FromMinutes(30),
        BackoffJitter = 0,
        StopDeadline = TimeSpan.FromSeconds(3),
    };

    private readonly ScriptedTrackerClient _client = new();
    private readonly TestProbe _parent;
    private IActorRef _coordinator = ActorRefs.Nobody;

    public TrackerActorTests()
        : base(TestConfigs.TestSchedulerConfig) => _parent = CreateTestProbe();

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task The_first_announce_is_immediate_and_says_who_we_are()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));

        var call = await _client.NextAsync(A, AnnounceEvent.Started);
        Assert.Equal(new AnnounceRequest(Hash, Id, 6881, 0, 0, 1000, AnnounceEvent.Started, 80, 77, null), call.Request);
        call.Succeed(1800, peers: ["10.0.0.1:1000", "[2001:db8::1]:2000"]);

        Assert.Equal(new AnnounceSucceeded(A, 2, 3, 4, TimeSpan.FromMinutes(30), null), await _parent.ExpectMsgAsync<AnnounceSucceeded>());
        var found = await _parent.ExpectMsgAsync<PeersFound>();
        Assert.Equal([IPEndPoint.Parse("10.0.0.1:1000"), IPEndPoint.Parse("[2001:db8::1]:2000")], found.Peers);
        Assert.Equal(A, found.Tracker);
        Assert.False(found.TrackerIsLocal);
        Assert.NotNull(tracker);
    }

    [Fact]
    public async Task Nothing_is_announced_before_the_start()
    {
        var tracker = await MakeAsync([[A]]);
        tracker.Tell(NeedPeers.Instance);
        tracker.Tell(new Completed(new Stats(0, 1, 0)));
        await SettleAsync(tracker);
        _client.AssertIdle();
        Assert.Equal(new Stopped(0, 0), await tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 0))));
    }

    [Fact]
    public async Task Events_come_in_their_order_with_the_numbers_of_the_moment()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await _parent.ExpectMsgAsync<StatsWanted>();
        tracker.Tell(new Stats(10, 400, 600));
        var periodic = await _client.NextAsync(A, AnnounceEvent.None);
        Assert.Equal((10L, 400L, 600L), (periodic.Request.Uploaded, periodic.Request.Downloaded, periodic.Request.Left));
        periodic.Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        tracker.Tell(new Completed(new Stats(20, 1000, 0)));
        var completed = await _client.NextAsync(A, AnnounceEvent.Completed);
        Assert.Equal((20L, 1000L, 0L), (completed.Request.Uploaded, completed.Request.Downloaded, completed.Request.Left));
        completed.Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await _parent.ExpectMsgAsync<StatsWanted>();
        tracker.Tell(new Stats(30, 1000, 0));
        (await _client.NextAsync(A, AnnounceEvent.None)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        var stopped = tracker.Ask<Stopped>(new Stop(new Stats(40, 1000, 0)));
        var last = await _client.NextAsync(A, AnnounceEvent.Stopped);
        Assert.Equal((40L, 0), (last.Request.Uploaded, last.Request.NumWant));
        last.Succeed();
        Assert.Equal(new Stopped(1, 0), await stopped);
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_costs_no_announce()
    {
        var tracker = await StartAsync([[A]], new Stats(1, 2, 3));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await _parent.ExpectMsgAsync<StatsWanted>();
        await SettleAsync(tracker);
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, (await _client.NextAsync(A, AnnounceEvent.None)).Request.Left);
    }

    [Fact]
    public async Task Completion_during_an_announce_is_told_right_after_it()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        var started = await _client.NextAsync(A, AnnounceEvent.Started);
        tracker.Tell(new Completed(new Stats(0, 1000, 0)));
        await SettleAsync(tracker);
        started.Succeed(1800);
        (await _client.NextAsync(A, AnnounceEvent.Completed)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        await SettleAsync(tracker);
        _client.AssertIdle();
    }

    [Fact]
    public async Task Completion_is_told_again_until_a_tracker_takes_it()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        tracker.Tell(new Completed(new Stats(0, 1000, 0)));
        (await _client.NextAsync(A, AnnounceEvent.Completed)).Fail();
        await _parent.ExpectMsgAsync<AnnounceFailed>();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(A, AnnounceEvent.Completed)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(A, AnnounceEvent.None)).Succeed();
    }

    [Fact]
    public async Task A_tracker_that_fails_is_tried_again_after_growing_pauses_and_recovers()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        var pause = TimeSpan.FromSeconds(5);
        for (var failures = 0; failures < 4; failures++)
        {
            (await _client.NextAsync(A, AnnounceEvent.Started)).Fail(TrackerErrorKind.Timeout);
            var failed = await _parent.ExpectMsgAsync<AnnounceFailed>();
            Assert.Equal((A, TrackerErrorKind.Timeout, pause), (failed.Tracker, failed.Error.Kind, failed.RetryIn));
            Scheduler.Advance(pause - TimeSpan.FromMilliseconds(1));
            await SettleAsync(tracker);
            _client.AssertIdle();
            Scheduler.Advance(TimeSpan.FromMilliseconds(1));
            await AnswerStatsAsync(tracker);
            pause *= 2;
        }

        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(A, AnnounceEvent.None)).Fail();
        Assert.Equal(TimeSpan.FromSeconds(5), (await _parent.ExpectMsgAsync<AnnounceFailed>()).RetryIn);
    }

    [Fact]
    public async Task The_next_one_is_tried_at_once_and_who_answers_leads_its_tier()
    {
        var tracker = await StartAsync([[A, B]], new Stats(0, 0, 1000));
        var first = await _client.NextAsync();
        var other = first.Tracker == A ? B : A;
        first.Fail();
        (await _client.NextAsync(other, AnnounceEvent.Started)).Succeed(1800);
        Assert.Equal(first.Tracker, (await _parent.ExpectMsgAsync<AnnounceFailed>()).Tracker);
        Assert.Equal(other, (await _parent.ExpectMsgAsync<AnnounceSucceeded>()).Tracker);

        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(other, AnnounceEvent.None)).Succeed(1800);
    }

    [Fact]
    public async Task The_next_tier_is_asked_only_when_all_of_a_tier_failed_and_the_first_is_preferred_again()
    {
        var last = new Uri("http://z.example/announce");
        var tracker = await StartAsync([[A, B], [last]], new Stats(0, 0, 1000));
        var first = await _client.NextAsync();
        first.Fail();
        var second = await _client.NextAsync();
        Assert.Equal([A, B], new[] { first.Tracker, second.Tracker }.OrderBy(uri => uri.Host, StringComparer.Ordinal));
        second.Fail();
        (await _client.NextAsync(last, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceFailed>();
        await _parent.ExpectMsgAsync<AnnounceFailed>();
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        Scheduler.Advance(TimeSpan.FromMinutes(30));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(first.Tracker, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        // Both were told that we are there, so both hear that we go.
        var stopped = tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 1000)));
        var one = await _client.NextAsync();
        var two = await _client.NextAsync();
        Assert.Equal(new[] { first.Tracker, last }.ToHashSet(), [one.Tracker, two.Tracker]);
        one.Succeed();
        two.Fail();
        Assert.Equal(new Stopped(1, 1), await stopped);
    }

    [Fact]
    public async Task An_early_announce_waits_for_the_min_interval()
    {
        var tracker = await StartAsync([[A], [B]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800, 600);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        tracker.Tell(NeedPeers.Instance);
        tracker.Tell(NeedPeers.Instance);
        await SettleAsync(tracker);
        Scheduler.Advance(TimeSpan.FromSeconds(599));
        tracker.Tell(NeedPeers.Instance);
        await SettleAsync(tracker);
        Assert.False(_parent.HasMessages);
        _client.AssertIdle();

        Scheduler.Advance(TimeSpan.FromSeconds(1));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(A, AnnounceEvent.None)).Succeed(1800, 600);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        // The min interval has passed: at once.
        Scheduler.Advance(TimeSpan.FromSeconds(601));
        await SettleAsync(tracker);
        Assert.False(_parent.HasMessages);
        tracker.Tell(NeedPeers.Instance);
        await AnswerStatsAsync(tracker);
        await _client.NextAsync(A, AnnounceEvent.None);
    }

    [Fact]
    public async Task Without_a_min_interval_the_options_hold()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        tracker.Tell(NeedPeers.Instance);
        await SettleAsync(tracker);
        Scheduler.Advance(Options.DefaultMinInterval - TimeSpan.FromSeconds(1));
        await SettleAsync(tracker);
        Assert.False(_parent.HasMessages);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        await AnswerStatsAsync(tracker);
        await _client.NextAsync(A, AnnounceEvent.None);
    }

    [Fact]
    public async Task The_tracker_id_is_sent_back_to_its_tracker_and_kept_until_it_changes()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(60, trackerId: "one");
        foreach (var (expected, next) in new[] { ("one", null), ("one", "two"), ("two", (string?)null) })
        {
            await _parent.ExpectMsgAsync<AnnounceSucceeded>();
            Scheduler.Advance(TimeSpan.FromMinutes(1));
            await AnswerStatsAsync(tracker);
            var call = await _client.NextAsync(A, AnnounceEvent.None);
            Assert.Equal(expected, call.Request.TrackerId);
            call.Succeed(60, trackerId: next);
        }
    }

    [Fact]
    public async Task Stopping_ends_at_its_deadline()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        var stopped = tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 1000)));
        var call = await _client.NextAsync(A, AnnounceEvent.Stopped);
        await SettleAsync(tracker);
        Scheduler.Advance(Options.StopDeadline - TimeSpan.FromMilliseconds(1));
        await SettleAsync(tracker);
        Assert.False(stopped.IsCompleted);
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new Stopped(0, 1), await stopped);
        Assert.True(call.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Stopping_cancels_what_is_in_flight_and_tells_a_tracker_that_may_have_heard_of_us()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        var started = await _client.NextAsync(A, AnnounceEvent.Started);
        var stopped = tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 1000)));
        (await _client.NextAsync(A, AnnounceEvent.Stopped)).Succeed();
        Assert.Equal(new Stopped(1, 0), await stopped);
        Assert.True(started.CancellationToken.IsCancellationRequested);
        Scheduler.Advance(TimeSpan.FromHours(2));
        await SettleAsync(tracker);
        _client.AssertIdle();
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task A_tracker_that_never_answered_is_not_told_that_we_stop()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Fail();
        await _parent.ExpectMsgAsync<AnnounceFailed>();
        Assert.Equal(new Stopped(0, 0), await tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 1000))));
        _client.AssertIdle();
    }

    [Fact]
    public async Task It_can_be_started_again_even_while_it_stops()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed();
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        var stopped = tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 1000)));
        var call = await _client.NextAsync(A, AnnounceEvent.Stopped);
        tracker.Tell(new Start(new Stats(0, 0, 900)));
        await SettleAsync(tracker);
        _client.AssertIdle();
        call.Succeed();
        Assert.Equal(new Stopped(1, 0), await stopped);
        Assert.Equal(900, (await _client.NextAsync(A, AnnounceEvent.Started)).Request.Left);
    }

    [Fact]
    public async Task Other_schemes_are_reported_by_name_and_the_rest_goes_on()
    {
        var web = new Uri("wss://w.example:6969/announce");
        await StartAsync([[web], [A]], new Stats(0, 0, 1000));
        var skipped = await _parent.ExpectMsgAsync<TrackerSkipped>();
        Assert.Equal(web, skipped.Tracker);
        Assert.Contains("wss://w.example:6969", skipped.Reason, StringComparison.Ordinal);
        await _client.NextAsync(A, AnnounceEvent.Started);
    }

    [Fact]
    public async Task A_torrent_without_trackers_is_quiet()
    {
        var tracker = await StartAsync([], new Stats(0, 0, 1000));
        tracker.Tell(NeedPeers.Instance);
        tracker.Tell(new Completed(new Stats(0, 0, 0)));
        Assert.Equal(new Stopped(0, 0), await tracker.Ask<Stopped>(new Stop(new Stats(0, 0, 0))));
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task A_tracker_that_asks_never_to_be_tried_again_is_left_alone()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Fail(new TrackerError(TrackerErrorKind.FailureReason, "Gone.") { NeverRetry = true });
        Assert.Null((await _parent.ExpectMsgAsync<AnnounceFailed>()).RetryIn);
        tracker.Tell(NeedPeers.Instance);
        await SettleAsync(tracker);
        Scheduler.Advance(TimeSpan.FromDays(1));
        await SettleAsync(tracker);
        _client.AssertIdle();
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task A_pause_that_the_tracker_asks_for_is_kept()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        var error = new TrackerError(TrackerErrorKind.FailureReason, "Busy.") { RetryIn = TimeSpan.FromMinutes(10) };
        (await _client.NextAsync(A, AnnounceEvent.Started)).Fail(error);
        Assert.Equal(TimeSpan.FromMinutes(10), (await _parent.ExpectMsgAsync<AnnounceFailed>()).RetryIn);
        Scheduler.Advance(TimeSpan.FromSeconds(599));
        await SettleAsync(tracker);
        Assert.False(_parent.HasMessages);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        await AnswerStatsAsync(tracker);
        await _client.NextAsync(A, AnnounceEvent.Started);
    }

    [Fact]
    public async Task A_bug_restarts_it_and_it_goes_on_where_it_was_after_a_pause()
    {
        var tracker = await StartAsync([[A], [B]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(1800, trackerId: "one");
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        tracker.Tell(new Completed(new Stats(0, 1000, 0)));
        var completed = await _client.NextAsync(A, AnnounceEvent.Completed);

        completed.Break(new InvalidOperationException("A bug."));
        var failed = await _parent.ExpectMsgAsync<AnnounceFailed>();
        Assert.Equal((A, TrackerErrorKind.Internal), (failed.Tracker, failed.Error.Kind));

        await SettleAsync(tracker);
        _client.AssertIdle();
        await AdvanceUntilStatsWantedAsync(tracker);
        var again = await _client.NextAsync(A, AnnounceEvent.Completed);
        Assert.Equal("one", again.Request.TrackerId);
        again.Succeed(1800);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();

        var stopped = tracker.Ask<Stopped>(new Stop(new Stats(0, 1000, 0)));
        (await _client.NextAsync(A, AnnounceEvent.Stopped)).Succeed();
        Assert.Equal(new Stopped(1, 0), await stopped);
    }

    [Fact]
    public async Task What_comes_in_during_a_restart_is_not_lost()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        (await _client.NextAsync(A, AnnounceEvent.Started)).Break(new InvalidOperationException("A bug."));
        await _parent.ExpectMsgAsync<AnnounceFailed>();
        tracker.Tell(new Completed(new Stats(0, 1000, 0)));
        Assert.Equal(new Stopped(0, 0), await tracker.Ask<Stopped>(new Stop(new Stats(0, 1000, 0))));
        tracker.Tell(new Start(new Stats(0, 0, 0)));
        await _client.NextAsync(A, AnnounceEvent.Started);
    }

    [Fact]
    public async Task Its_end_cancels_what_is_in_flight()
    {
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000));
        var call = await _client.NextAsync(A, AnnounceEvent.Started);
        _parent.Watch(tracker);
        Sys.Stop(tracker);
        await _parent.ExpectTerminatedAsync(tracker);
        Assert.True(call.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task A_silent_tracker_does_not_keep_the_next_one_waiting()
    {
        var tracker = await StartAsync([[A], [B]], new Stats(0, 0, 1000));
        var silent = await _client.NextAsync(A, AnnounceEvent.Started);
        Scheduler.Advance(TimeSpan.FromSeconds(4.9));
        await SettleAsync(tracker);
        _client.AssertIdle();
        Scheduler.Advance(TimeSpan.FromSeconds(0.1));
        (await _client.NextAsync(B, AnnounceEvent.Started)).Succeed(1800);

        var failed = await _parent.ExpectMsgAsync<AnnounceFailed>();
        Assert.Equal((A, TrackerErrorKind.Timeout, TimeSpan.FromSeconds(5)), (failed.Tracker, failed.Error.Kind, failed.RetryIn));
        Assert.Equal(B, (await _parent.ExpectMsgAsync<AnnounceSucceeded>()).Tracker);
        Assert.True(silent.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task A_slow_tracker_that_answers_before_the_next_is_taken()
    {
        var tracker = await StartAsync([[A], [B]], new Stats(0, 0, 1000));
        var slow = await _client.NextAsync(A, AnnounceEvent.Started);
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        var next = await _client.NextAsync(B, AnnounceEvent.Started);
        slow.Succeed(1800);
        Assert.Equal(B, (await _parent.ExpectMsgAsync<AnnounceFailed>()).Tracker);
        Assert.Equal(A, (await _parent.ExpectMsgAsync<AnnounceSucceeded>()).Tracker);
        Assert.True(next.CancellationToken.IsCancellationRequested);
        await SettleAsync(tracker);
        _client.AssertIdle();
    }

    [Fact]
    public async Task When_one_of_several_fails_the_others_may_still_answer()
    {
        await StartAsync([[A], [B]], new Stats(0, 0, 1000));
        var slow = await _client.NextAsync(A, AnnounceEvent.Started);
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        (await _client.NextAsync(B, AnnounceEvent.Started)).Fail();
        Assert.Equal(B, (await _parent.ExpectMsgAsync<AnnounceFailed>()).Tracker);
        slow.Succeed(1800);
        Assert.Equal(A, (await _parent.ExpectMsgAsync<AnnounceSucceeded>()).Tracker);
    }

    [Fact]
    public async Task A_tracker_that_answers_is_asked_for_its_numbers_once_an_interval()
    {
        var scrapes = CreateTestProbe();
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000), scrapes);
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(600);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        Assert.Equal(new ScrapeProtocol.Want(A, Hash), await scrapes.ExpectMsgAsync<ScrapeProtocol.Want>());
        scrapes.Reply(new ScrapeProtocol.Scraped(A, new ScrapeEntry(1, 2, 3), null));
        Assert.Equal(new ScrapeSucceeded(A, new ScrapeEntry(1, 2, 3)), await _parent.ExpectMsgAsync<ScrapeSucceeded>());

        for (var minutes = 10; minutes <= 30; minutes += 10)
        {
            Assert.False(scrapes.HasMessages);
            Scheduler.Advance(TimeSpan.FromMinutes(10));
            await AnswerStatsAsync(tracker);
            (await _client.NextAsync(A, AnnounceEvent.None)).Succeed(600);
            await _parent.ExpectMsgAsync<AnnounceSucceeded>();
            await SettleAsync(tracker);
        }
        await scrapes.ExpectMsgAsync<ScrapeProtocol.Want>();

        tracker.Tell(Scrape.Instance);
        await scrapes.ExpectMsgAsync<ScrapeProtocol.Want>();
        scrapes.Reply(new ScrapeProtocol.Scraped(A, null, new TrackerError(TrackerErrorKind.Timeout, "Late.")));
        Assert.Equal(TrackerErrorKind.Timeout, (await _parent.ExpectMsgAsync<ScrapeFailed>()).Error.Kind);
    }

    [Fact]
    public async Task A_tracker_without_scrape_is_not_asked_again()
    {
        var scrapes = CreateTestProbe();
        var tracker = await StartAsync([[A]], new Stats(0, 0, 1000), scrapes);
        (await _client.NextAsync(A, AnnounceEvent.Started)).Succeed(3600);
        await scrapes.ExpectMsgAsync<ScrapeProtocol.Want>();
        scrapes.Reply(new ScrapeProtocol.Scraped(A, null, new TrackerError(TrackerErrorKind.NoScrape, "None.")));
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        await _parent.ExpectMsgAsync<ScrapeFailed>();
        Scheduler.Advance(TimeSpan.FromHours(1));
        await AnswerStatsAsync(tracker);
        (await _client.NextAsync(A, AnnounceEvent.None)).Succeed(3600);
        await _parent.ExpectMsgAsync<AnnounceSucceeded>();
        await SettleAsync(tracker);
        Assert.False(scrapes.HasMessages);
    }

    private async Task<IActorRef> MakeAsync(IReadOnlyList<IReadOnlyList<Uri>> tiers, IActorRef? scrapes = null)
    {
        var props = TrackerActor.Props(tiers, Hash, Id, 6881, 77, Options, _client, 5, scrapes);
        var probe = _parent.Ref;
        _coordinator = Sys.ActorOf(Props.Create(() => new TrackerParent(props, probe)));
        return await _coordinator.Ask<IActorRef>(TrackerParent.GetChild.Instance);
    }

    private async Task<IActorRef> StartAsync(IReadOnlyList<IReadOnlyList<Uri>> tiers, Stats stats, IActorRef? scrapes = null)
    {
        var tracker = await MakeAsync(tiers, scrapes);
        tracker.Tell(new Start(stats));
        return tracker;
    }

    // When it is over, the actor and its parent have handled whatever was told to them before.
    private async Task SettleAsync(IActorRef tracker)
    {
        await tracker.Ask<ActorIdentity>(new Identify(tracker));
        await _coordinator.Ask<IActorRef>(TrackerParent.GetChild.Instance);
    }

    private async Task AnswerStatsAsync(IActorRef tracker)
    {
        await _parent.ExpectMsgAsync<StatsWanted>();
        tracker.Tell(new Stats(0, 0, 0));
    }

    // A restart has no message that says when its timer is set: time goes on by steps until it has fired.
    private async Task AdvanceUntilStatsWantedAsync(IActorRef tracker)
    {
        await AwaitConditionAsync(
            async () =>
            {
                Scheduler.Advance(TimeSpan.FromSeconds(1));
                await SettleAsync(tracker);
                return _parent.HasMessages;
            },
            TimeSpan.FromSeconds(10));
        await AnswerStatsAsync(tracker);
    }
}
