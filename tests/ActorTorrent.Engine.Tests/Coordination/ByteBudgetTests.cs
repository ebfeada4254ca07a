using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Metadata;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>Bytes that all torrents of an engine share, and what becomes of who finds them spent.</summary>
public sealed class ByteBudgetTests
{
    private const int PieceLength = 64 << 10;

    [Fact]
    public void It_is_spent_when_it_is_and_remembers_who_went_without()
    {
        var budget = new ByteBudget(100);
        Assert.True(budget.TryTake(60));
        Assert.False(budget.IsSpent);
        Assert.False(budget.TryTake(41));
        Assert.Equal(60, budget.Taken);
        Assert.True(budget.TakeWanted());
        Assert.False(budget.TakeWanted());
        budget.Take(50);
        Assert.True(budget.IsSpent);
        budget.Return(110);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void A_torrent_that_has_a_piece_begun_begins_no_other_while_it_is_spent()
    {
        var budget = new ByteBudget(2 * PieceLength);
        var (first, second) = (Picker(budget), Picker(budget));
        var picked = new List<BlockRequest>();
        Assert.Equal(8, first.Pick(1, 100, picked));
        Assert.Equal(2, first.OpenPieces);
        Assert.Equal(4, second.Pick(1, 100, []));
        Assert.Equal(3 * PieceLength, budget.Taken);
        Assert.Equal(0, second.Pick(1, 100, []));

        first.PieceVerified(picked[0].Piece);
        first.PieceVerified(picked[^1].Piece);
        Assert.Equal(4, second.Pick(1, 4, []));
        second.Leave();
        first.Leave();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void Metadata_waits_until_another_torrents_copy_has_had_its_turn()
    {
        var options = new MetadataOptions { CopyTurn = TimeSpan.FromSeconds(30) };
        var budget = new ByteBudget(100_000);
        var first = new MetadataFetch(options, new Random(1), budget);
        var second = new MetadataFetch(options, new Random(1), budget);
        first.Add(1, 90_000);
        second.Add(2, 50_000);
        Assert.NotEmpty(first.Ask(TimeSpan.Zero));
        Assert.Empty(second.Ask(TimeSpan.Zero));
        Assert.Equal(90_000, budget.Taken);

        // Not before its turn is over; and when nobody waits, not even then.
        first.Ask(TimeSpan.FromSeconds(29));
        Assert.Empty(second.Ask(TimeSpan.FromSeconds(29)));
        first.Ask(TimeSpan.FromSeconds(31));
        Assert.NotEmpty(second.Ask(TimeSpan.FromSeconds(31)));
        first.Remove(1);
        second.Leave();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void Journals_forget_sooner_while_it_is_spent()
    {
        var budget = new ByteBudget(50_000);
        var (first, second) = (new FaultJournal(10_000, budget), new FaultJournal(10_000, budget));
        for (var i = 0; i < 500; i++)
        {
            first.Add(Entry("first " + new string('x', i % 50)));
            second.Add(Entry("second"));
        }
        Assert.InRange(first.Entries.Count, 10, 150);
        Assert.InRange(second.Entries.Count, 10, 150);
        Assert.InRange(budget.Taken, 10_000, 51_000);
        Assert.Equal((500, 500), (first.Total, second.CountOf(FaultCause.Reset)));
        first.Leave();
        second.Leave();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void A_directory_takes_only_better_addresses_while_it_is_spent()
    {
        var budget = new ByteBudget(100 * 400);
        var directory = new PeerDirectory(new PeerDirectoryOptions(), new Random(1), budget);
        for (var i = 0; i < 1_000; i++)
            directory.Add(At(i), PeerSource.Pex, allowLocal: false);
        Assert.Equal(100, directory.Count);
        Assert.True(directory.Add(At(5_000), PeerSource.Tracker, allowLocal: false));
        Assert.Equal(100, directory.Count);
        var other = new PeerDirectory(new PeerDirectoryOptions(), new Random(1), budget);
        for (var i = 0; i < 1_000; i++)
            other.Add(At(i), PeerSource.Pex, allowLocal: false);
        Assert.Equal(50, other.Count);
        directory.Drop(At(5_000));
        directory.Leave();
        other.Leave();
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public void A_full_directory_finds_room_again_after_somebody_has_become_less_useful()
    {
        var directory = new PeerDirectory(new PeerDirectoryOptions { Capacity = 20 }, new Random(1));
        for (var i = 0; i < 100; i++)
            Assert.Equal(i < 20, directory.Add(At(i), PeerSource.Pex, allowLocal: false));
        directory.RecordFailure(At(3), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.True(directory.Add(At(200), PeerSource.Pex, allowLocal: false));
        Assert.False(directory.Add(At(201), PeerSource.Pex, allowLocal: false));
        directory.AddTrust(At(4), -2);
        Assert.True(directory.Add(At(202), PeerSource.Pex, allowLocal: false));
        Assert.Null(directory.Find(At(4)));
        directory.Ban(At(5), "proven");
        Assert.True(directory.Add(At(203), PeerSource.Pex, allowLocal: false));
        Assert.Null(directory.Find(At(5)));
    }

    [Fact]
    public void Slabs_are_no_longer_than_asked_for_while_it_is_spent()
    {
        var pool = new SlabPool(128 << 10, 4, new ByteBudget(200 << 10));
        var first = pool.Rent();
        var second = pool.Rent();
        Assert.Equal(256 << 10, pool.Budget.Taken);
        var small = pool.RentFor(100_000);
        Assert.Equal(pool.SmallLength, small.Memory.Length);
        var block = pool.Rent(20_000);
        Assert.Equal(20_000, block.Memory.Length);
        first.Release();
        second.Release();
        small.Release();
        block.Release();
        Assert.Equal((0, 0L), (pool.Rented, pool.Budget.Taken));
        Assert.Equal(128 << 10, pool.RentFor(100_000).Memory.Length);
    }

    [Fact]
    public void What_the_DHT_keeps_for_others_stays_within_its_bytes()
    {
        var store = new PeerStore(new DhtOptions { StoreBytes = 100_000 }, new Random(1));
        var random = new Random(2);
        var id = new byte[20];
        for (var torrent = 0; torrent < 400; torrent++)
        {
            random.NextBytes(id);
            for (var peer = 0; peer < 50; peer++)
                store.Add(new NodeId(id), At((torrent * 50) + peer), TimeSpan.FromSeconds(torrent));
        }
        Assert.InRange(store.Bytes, 50_000, 101_000);
        Assert.NotEmpty(store.Some(new NodeId(id), 10, TimeSpan.FromSeconds(400)));
    }

    private static IPEndPoint At(int host) => new(new IPAddress([80, 1, (byte)(host >> 8), (byte)host]), 6881);

    private static PiecePicker Picker(ByteBudget budget)
    {
        var layout = new FileLayout([new TorrentFileEntry(0, ["a.bin"], 20 * PieceLength, 0)], PieceLength);
        var picker = new PiecePicker(layout, new PiecePickerOptions { Budget = budget }, new Random(1));
        picker.AddPeer(1);
        var all = new Bitfield(layout.PieceCount);
        all.SetAll();
        picker.PeerHas(1, all);
        return picker;
    }

    private static FaultJournalEntry Entry(string detail) => new(
        DateTimeOffset.UnixEpoch,
        default,
        new PeerFault(1, At(1), PeerDirection.Incoming, FaultPhase.Transfer, FaultCause.Reset, detail),
        new FaultDecision(FaultAction.Stop, default, ""),
        1,
        0);
}
