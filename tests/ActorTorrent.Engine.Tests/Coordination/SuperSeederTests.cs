using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Coordination;

public class SuperSeederTests
{
    [Fact]
    public void Each_peer_is_told_of_another_piece()
    {
        var seeder = new SuperSeeder(10, new Random(1));
        var told = Enumerable.Range(1, 10).Select(peer => seeder.Add(peer)!.Value.Value).ToList();
        Assert.Equal(Enumerable.Range(0, 10), told.Order());
    }

    [Fact]
    public void A_peer_hears_of_the_next_piece_once_another_has_its_last()
    {
        var seeder = new SuperSeeder(10, new Random(1));
        var first = seeder.Add(1)!.Value;
        var second = seeder.Add(2)!.Value;
        Assert.Empty(seeder.PeerHas(1, first));
        Assert.Empty(seeder.PeerHas(2, second));
        var (peer, next) = Assert.Single(seeder.PeerHas(2, first));
        Assert.Equal(1, peer);
        Assert.NotEqual(first, next);
        Assert.NotEqual(second, next);
        // Said twice, it is no news.
        Assert.Empty(seeder.PeerHas(2, first));
    }

    [Fact]
    public void A_peer_alone_is_served_on()
    {
        var seeder = new SuperSeeder(4, new Random(1));
        var piece = seeder.Add(1)!.Value;
        var got = new HashSet<PieceIndex>();
        while (got.Count < 4)
        {
            got.Add(piece);
            var next = seeder.PeerHas(1, piece);
            if (next.Count == 0)
                break;
            piece = next[0].Piece;
        }
        Assert.Equal(4, got.Count);
    }

    [Fact]
    public void When_the_last_other_leaves_who_waited_for_it_goes_on()
    {
        var seeder = new SuperSeeder(4, new Random(1));
        var piece = seeder.Add(1)!.Value;
        seeder.Add(2);
        Assert.Empty(seeder.PeerHas(1, piece));
        Assert.Equal(1, Assert.Single(seeder.Remove(2)).Peer);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_swarm_completes_and_its_first_copy_costs_the_seed_hardly_more_than_one(int seed)
    {
        const int Peers = 20, Pieces = 200;
        var random = new Random(seed);
        var seeder = new SuperSeeder(Pieces, random);
        var has = Enumerable.Range(0, Peers).Select(_ => new bool[Pieces]).ToArray();
        var shown = new Queue<(int Peer, int Piece)>();
        var fromSeed = 0;
        var firstCopy = 0;
        for (var peer = 0; peer < Peers; peer++)
            shown.Enqueue((peer, seeder.Add(peer)!.Value.Value));

        for (var round = 0; round < 20_000 && has.Any(pieces => pieces.Contains(false)); round++)
        {
            // One piece comes from the seed, and a few are passed on between peers.
            if (shown.TryDequeue(out var next) && !has[next.Peer][next.Piece])
            {
                fromSeed++;
                if (!has.Any(pieces => pieces[next.Piece]))
                    firstCopy = fromSeed;
                Gets(next.Peer, next.Piece);
            }
            for (var i = 0; i < 4; i++)
            {
                var (from, to) = (random.Next(Peers), random.Next(Peers));
                var offers = Enumerable.Range(0, Pieces).Where(piece => has[from][piece] && !has[to][piece]).ToList();
                if (offers.Count > 0)
                    Gets(to, offers[random.Next(offers.Count)]);
            }
        }

        Assert.All(has, pieces => Assert.DoesNotContain(false, pieces));
        Assert.InRange(firstCopy, Pieces, Pieces * 1.1);

        void Gets(int peer, int piece)
        {
            has[peer][piece] = true;
            foreach (var (other, told) in seeder.PeerHas(peer, new PieceIndex(piece)))
                shown.Enqueue((other, told.Value));
        }
    }
}
