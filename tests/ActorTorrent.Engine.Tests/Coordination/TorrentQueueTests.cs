using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Coordination;

public class TorrentQueueTests
{
    private static readonly InfoHash A = Hash(1);
    private static readonly InfoHash B = Hash(2);
    private static readonly InfoHash C = Hash(3);

    private readonly TorrentQueue _queue = new(new QueueOptions { MaxActiveDownloads = 1, MaxActiveSeeds = 1 });

    [Fact]
    public void Those_at_the_head_have_their_turn()
    {
        Add(TorrentNeed.Download, A, B, C);
        Assert.Equal([(A, null), (B, RestReason.Queued), (C, RestReason.Queued)], Changes());
        Assert.Empty(Changes());
    }

    [Fact]
    public void Nothing_is_said_of_one_that_is_being_checked()
    {
        _queue.Add(A, isPaused: false);
        Add(TorrentNeed.Download, B);
        Assert.Equal([(B, null)], Changes());
        // The first in line takes its place once it is known to want it.
        _queue.SetNeed(A, TorrentNeed.Download);
        Assert.Equal([(A, null), (B, RestReason.Queued)], Changes());
    }

    [Fact]
    public void Downloads_and_seeds_have_places_of_their_own()
    {
        Add(TorrentNeed.Download, A);
        Add(TorrentNeed.Seed, B, C);
        Assert.Equal([(A, null), (B, null), (C, RestReason.Queued)], Changes());
        _queue.SetNeed(A, TorrentNeed.Seed);
        Assert.Equal([(B, RestReason.Queued)], Changes());
    }

    [Fact]
    public void A_paused_one_takes_no_place_and_gets_it_back()
    {
        Add(TorrentNeed.Download, A, B);
        Changes();
        _queue.SetPaused(A, true);
        Assert.Equal([(A, RestReason.Paused), (B, null)], Changes());
        _queue.SetPaused(A, false);
        Assert.Equal([(A, null), (B, RestReason.Queued)], Changes());
    }

    [Fact]
    public void One_that_was_seeded_enough_rests_until_it_is_asked_to_go_on()
    {
        Add(TorrentNeed.Nothing, A);
        Assert.Equal([(A, RestReason.Finished)], Changes());
        _queue.SetPaused(A, true);
        Assert.Equal([(A, RestReason.Paused)], Changes());
        _queue.SetPaused(A, false);
        Assert.Equal([(A, null)], Changes());
    }

    [Fact]
    public void One_that_goes_makes_room()
    {
        Add(TorrentNeed.Download, A, B);
        Changes();
        _queue.Remove(A);
        Assert.Equal([(B, null)], Changes());
        Assert.Equal([B], _queue.Order);
    }

    [Theory]
    [InlineData(0, "CAB")]
    [InlineData(1, "ACB")]
    [InlineData(2, "ABC")]
    [InlineData(99, "ABC")]
    [InlineData(-1, "CAB")]
    public void The_line_can_be_changed(int position, string order)
    {
        Add(TorrentNeed.Download, A, B, C);
        Changes();
        _queue.Move(C, position);
        Assert.Equal(order, string.Concat(_queue.Order.Select(hash => hash == A ? 'A' : hash == B ? 'B' : 'C')));
        Assert.Equal(order[0] == 'C' ? [(C, null), (A, RestReason.Queued)] : [], Changes());
    }

    [Fact]
    public void One_whose_actor_began_anew_is_told_again()
    {
        Add(TorrentNeed.Download, A);
        Changes();
        _queue.Forget(A);
        Assert.Empty(Changes());
        _queue.SetNeed(A, TorrentNeed.Download);
        Assert.Equal([(A, null)], Changes());
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var queue = new TorrentQueue(new QueueOptions { MaxActiveDownloads = 0 });
        foreach (var number in Enumerable.Range(0, 50))
        {
            queue.Add(Hash((byte)number), isPaused: false);
            queue.SetNeed(Hash((byte)number), TorrentNeed.Download);
        }
        Assert.All(queue.TakeChanges(), change => Assert.Null(change.Reason));
    }

    [Fact]
    public void Nobody_stands_in_it_twice()
    {
        Add(TorrentNeed.Download, A);
        Assert.Throws<ArgumentException>(() => _queue.Add(A, isPaused: false));
    }

    private static InfoHash Hash(byte number) => new([.. Enumerable.Repeat(number, InfoHash.Length)]);

    private void Add(TorrentNeed need, params InfoHash[] torrents)
    {
        foreach (var torrent in torrents)
        {
            _queue.Add(torrent, isPaused: false);
            _queue.SetNeed(torrent, need);
        }
    }

    private IReadOnlyList<(InfoHash, RestReason?)> Changes() => _queue.TakeChanges();
}
