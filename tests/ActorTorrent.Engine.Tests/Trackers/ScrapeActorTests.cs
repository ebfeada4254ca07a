using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Trackers;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace ActorTorrent.Engine.Tests.Trackers;

public sealed class ScrapeActorTests : TestKit
{
    private static readonly Uri A = new("http://a.example/announce");
    private static readonly Uri B = new("udp://b.example:1");
    private static readonly InfoHash One = InfoHash.Parse("000102030405060708090a0b0c0d0e0f10111213");
    private static readonly InfoHash Two = InfoHash.Parse("ffffffffffffffffffffffffffffffffffffffff");

    private readonly ScriptedTrackerClient _client = new();
    private readonly IActorRef _scrapes;

    public ScrapeActorTests()
        : base(TestConfigs.TestSchedulerConfig) =>
        _scrapes = Sys.ActorOf(ScrapeActor.Props(new TrackerOptions { ScrapeGather = TimeSpan.FromSeconds(2) }, _client));

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public async Task Torrents_of_one_tracker_are_asked_about_in_one_question()
    {
        var other = CreateTestProbe();
        _client.Scrape = (_, torrents) => new ScrapeAnswer.Success(
            torrents.Where(torrent => torrent == One).ToDictionary(torrent => torrent, _ => new ScrapeEntry(1, 2, 3)));
        await AskAsync(TestActor, A, One);
        await AskAsync(other, A, Two);
        Scheduler.Advance(TimeSpan.FromSeconds(2));

        var (tracker, torrents) = await _client.NextScrapeAsync();
        Assert.Equal(A, tracker);
        Assert.Equal([One, Two], torrents);
        Assert.Equal(new ScrapeProtocol.Scraped(A, new ScrapeEntry(1, 2, 3), null), await ExpectMsgAsync<ScrapeProtocol.Scraped>());
        Assert.Equal(new ScrapeProtocol.Scraped(A, null, null), await other.ExpectMsgAsync<ScrapeProtocol.Scraped>());
    }

    [Fact]
    public async Task Each_tracker_is_asked_apart_and_its_error_is_its_own()
    {
        var error = new TrackerError(TrackerErrorKind.Timeout, "Late.");
        _client.Scrape = (tracker, torrents) => tracker == B
            ? new ScrapeAnswer.Failure(error)
            : new ScrapeAnswer.Success(torrents.ToDictionary(torrent => torrent, _ => new ScrapeEntry(1, 2, 3)));
        await AskAsync(TestActor, A, One);
        await AskAsync(TestActor, B, One);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        var answers = new[] { await ExpectMsgAsync<ScrapeProtocol.Scraped>(), await ExpectMsgAsync<ScrapeProtocol.Scraped>() };
        Assert.Equal(
            new[] { new ScrapeProtocol.Scraped(A, new ScrapeEntry(1, 2, 3), null), new ScrapeProtocol.Scraped(B, null, error) }.ToHashSet(), answers.ToHashSet());
    }

    [Fact]
    public async Task A_client_that_breaks_is_an_error_and_the_next_question_is_asked()
    {
        _client.Scrape = (_, _) => throw new InvalidOperationException("bug");
        await AskAsync(TestActor, A, One);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TrackerErrorKind.Internal, (await ExpectMsgAsync<ScrapeProtocol.Scraped>()).Error!.Kind);
        _client.Scrape = (_, _) => new ScrapeAnswer.Success(new Dictionary<InfoHash, ScrapeEntry>());
        await AskAsync(TestActor, A, One);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        Assert.Null((await ExpectMsgAsync<ScrapeProtocol.Scraped>()).Error);
    }

    // The timer must stand before the time goes on.
    private async Task AskAsync(IActorRef asker, Uri tracker, InfoHash torrent)
    {
        _scrapes.Tell(new ScrapeProtocol.Want(tracker, torrent), asker);
        await _scrapes.Ask<ActorIdentity>(new Identify(tracker));
    }
}
