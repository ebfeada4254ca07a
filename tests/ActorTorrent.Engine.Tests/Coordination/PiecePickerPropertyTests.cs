using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>Any sequence of events leaves the picker's books as plain bookkeeping has them. A failure prints the seed to replay.</summary>
public sealed class PiecePickerPropertyTests
{
    [Fact]
    public void Any_sequence_of_events_keeps_the_books_exact() => Run(new PiecePickerOptions());

    [Fact]
    public void Any_sequence_of_events_keeps_the_books_exact_in_order() => Run(new PiecePickerOptions { Order = PieceOrder.Sequential });

    [Fact]
    public void Any_sequence_of_events_keeps_the_books_exact_with_few_open_pieces() => Run(new PiecePickerOptions { MaxOpenPieces = 2 });

    [Fact]
    public void Any_sequence_of_events_keeps_the_books_exact_without_endgame() => Run(new PiecePickerOptions { MaxRequestersPerBlock = 1 });

    [Fact]
    public void Any_sequence_of_events_keeps_the_books_exact_with_a_wide_endgame() => Run(new PiecePickerOptions { MaxRequestersPerBlock = 3 });

    [Fact]
    public void Availability_stays_exact_under_any_order_of_bitfields_haves_and_departures()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>[]>(), numbers =>
        {
            const int Pieces = 70;
            var rarity = new PieceRarity(Pieces, new Random(1));
            var availability = new int[Pieces];
            var ranks = Enumerable.Repeat(PieceRank.Normal, Pieces).ToArray();
            foreach (var number in numbers.Select(entry => entry.Item))
            {
                var random = new Random(number);
                var piece = random.Next(Pieces);
                switch (random.Next(4))
                {
                    case 0 when availability[piece] > 0:
                        availability[piece]--;
                        rarity.Lower(piece);
                        break;
                    case 1:
                        ranks[piece] = (PieceRank)random.Next((int)PieceRank.Skip + 1);
                        rarity.SetRank(piece, ranks[piece]);
                        break;
                    default:
                        availability[piece]++;
                        rarity.Raise(piece);
                        break;
                }
            }
            for (var rank = PieceRank.Edge; rank < PieceRank.Skip; rank++)
            {
                var found = new List<(int Piece, int Availability)>();
                for (var at = rarity.NextAvailability(rank, 0); at >= 0; at = rarity.NextAvailability(rank, at + 1))
                {
                    Assert.NotEqual(0, rarity.FreshOf(rank, at).Length);
                    foreach (var piece in rarity.FreshOf(rank, at))
                        found.Add((piece, at));
                }
                Assert.Equal(
                    Enumerable.Range(0, Pieces).Where(piece => ranks[piece] == rank).Select(piece => (piece, availability[piece])),
                    found.OrderBy(entry => entry.Piece));
            }
            Assert.All(Enumerable.Range(0, Pieces), piece => Assert.Equal(availability[piece], rarity.AvailabilityOf(piece)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(400));
    }

    private static void Run(PiecePickerOptions options)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>[]>(), numbers =>
        {
            var random = new Random(numbers.Length);
            var model = new PiecePickerModel(
                random.Next(1, 12), random.Next(1, 5), random.Next(1, 5 * FileLayout.BlockLength), options, seed: numbers.Length);
            foreach (var number in numbers.Select(entry => entry.Item))
                model.Apply(number);
            model.Finish();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(300));
    }
}
