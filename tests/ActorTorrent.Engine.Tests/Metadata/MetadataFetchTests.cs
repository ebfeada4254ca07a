using ActorTorrent.Engine.Metadata;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Metadata;

public sealed class MetadataFetchTests
{
    private const int Size = 70_000;

    private static readonly byte[] Truth = Bytes(Size, 1);
    private static readonly MetadataOptions Options = new();

    private readonly MetadataFetch _fetch = new(Options, new Random(1));

    private enum Kind
    {
        Honest,
        WrongBytes,
        WrongSize,
        Silent,
        Rejecting,
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(30 << 20, true)]
    [InlineData((30 << 20) + 1, false)]
    [InlineData(long.MaxValue, false)]
    public void Sizes_are_bounded(long size, bool isPossible) => Assert.Equal(isPossible, _fetch.IsPossible(size));

    [Fact]
    public void A_peer_keeps_to_its_size()
    {
        Assert.True(_fetch.Add(1, Size));
        Assert.True(_fetch.Add(1, Size));
        Assert.False(_fetch.Add(1, Size + 1));
    }

    [Fact]
    public void Every_piece_is_asked_of_several_peers_at_once()
    {
        _fetch.Add(1, Size);
        _fetch.Add(2, Size);
        var asked = _fetch.Ask(TimeSpan.Zero);
        Assert.Equal(MetadataMessage.PieceCount(Size), asked.Select(question => question.Piece).Distinct().Count());
        Assert.Equal([1, 2], asked.Select(question => question.Session).Distinct().Order());
        Assert.All(asked.CountBy(question => question.Session), count => Assert.InRange(count.Value, 1, Options.Pipeline));
        Assert.Empty(_fetch.Ask(TimeSpan.Zero));
    }

    [Fact]
    public void A_claim_of_a_huge_size_takes_no_memory()
    {
        _fetch.Add(1, 30 << 20);
        _fetch.Ask(TimeSpan.Zero);
        Assert.Equal(0, _fetch.Held);
    }

    [Fact]
    public void Who_sends_nothing_in_time_is_overdue()
    {
        _fetch.Add(1, Size);
        _fetch.Ask(TimeSpan.Zero);
        Assert.Empty(_fetch.Overdue(Options.Timeout));
        Assert.Equal([1], _fetch.Overdue(Options.Timeout + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Who_rejects_is_left_alone_for_a_while()
    {
        _fetch.Add(1, Size);
        foreach (var (session, piece) in _fetch.Ask(TimeSpan.Zero))
            _fetch.Reject(session, piece, TimeSpan.Zero);
        Assert.Empty(_fetch.Ask(Options.RetryDelay - TimeSpan.FromTicks(1)));
        Assert.NotEmpty(_fetch.Ask(Options.RetryDelay));
    }

    [Fact]
    public void What_was_not_asked_for_changes_nothing()
    {
        _fetch.Add(1, Size);
        _fetch.Receive(1, 0, Truth[..MetadataMessage.PieceLength], TimeSpan.Zero);
        _fetch.Receive(2, 0, Truth[..MetadataMessage.PieceLength], TimeSpan.Zero);
        Assert.Equal(0, _fetch.Held);
    }

    [Fact]
    public void More_sizes_than_copies_get_their_turn()
    {
        for (var i = 0; i < 10; i++)
            _fetch.Add(i, 1000 + i);
        var asked = new HashSet<int>();
        for (var turn = 0; turn < 10; turn++)
        {
            foreach (var (session, piece) in _fetch.Ask(Options.CopyTurn * turn))
            {
                asked.Add(session);
                _fetch.Reject(session, piece, Options.CopyTurn * turn);
            }
        }
        Assert.Equal(10, asked.Count);
    }

    [Fact]
    public void Among_any_liars_the_truth_is_found_and_no_honest_peer_is_accused()
    {
        var kinds = Gen.Elements(Enum.GetValues<Kind>()).ArrayOf();
        var cases = from others in kinds
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (others.Take(12).Append(Kind.Honest).ToArray(), seed);
        Prop.ForAll(cases.ToArbitrary(), x => Simulate(x.Item1, x.seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static void Simulate(Kind[] kinds, int seed)
    {
        var random = new Random(seed);
        random.Shuffle(kinds);
        var fetch = new MetadataFetch(Options, random);
        var gone = new HashSet<int>();
        for (var peer = 0; peer < kinds.Length; peer++)
            fetch.Add(peer, SizeOf(kinds[peer], peer));
        var now = TimeSpan.Zero;
        for (var round = 0; round < 1000; round++, now += TimeSpan.FromSeconds(1))
        {
            foreach (var session in fetch.Overdue(now))
                Accuse(session, Kind.Silent);
            foreach (var (session, piece) in fetch.Ask(now))
            {
                Assert.DoesNotContain(session, gone);
                if (kinds[session] == Kind.Rejecting)
                    fetch.Reject(session, piece, now);
                else if (kinds[session] != Kind.Silent && random.Next(3) > 0)
                    fetch.Receive(session, piece, PieceOf(kinds[session], session, piece), now);
                else if (kinds[session] != Kind.Silent)
                    fetch.Reject(session, piece, now);
            }
            Assert.InRange(fetch.Held, 0, (long)Options.Copies * (Size + (4 * MetadataMessage.PieceLength)));
            while (fetch.TakeWhole() is { } copy)
            {
                var whole = copy.Join();
                if (!whole.AsSpan().SequenceEqual(Truth))
                {
                    if (fetch.Mismatch(copy, now) is { } liar)
                        Accuse(liar, Kind.WrongBytes, Kind.WrongSize);
                    continue;
                }
                foreach (var (session, isAboutSize) in fetch.Found(whole))
                    Assert.Contains(kinds[session], isAboutSize ? [Kind.WrongSize] : (Kind[])[Kind.WrongBytes]);
                Assert.Equal(0, fetch.SourceCount);
                return;
            }
        }
        Assert.Fail("The metadata was not found.");

        void Accuse(int session, params Kind[] allowed)
        {
            Assert.Contains(kinds[session], allowed);
            gone.Add(session);
            fetch.Remove(session);
        }
    }

    private static long SizeOf(Kind kind, int peer) => kind == Kind.WrongSize ? Size + 1 + (peer % 3) : Size;

    private static byte[] PieceOf(Kind kind, int peer, int piece)
    {
        var length = MetadataMessage.PieceSize(SizeOf(kind, peer), piece);
        if (kind is Kind.WrongBytes or Kind.WrongSize)
            return Bytes(length, peer + 100);
        return Truth.AsSpan(piece * MetadataMessage.PieceLength, length).ToArray();
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
