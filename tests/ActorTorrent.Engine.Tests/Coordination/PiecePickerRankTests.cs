using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>Priorities, edges, deadlines and order: what comes before what.</summary>
public sealed class PiecePickerRankTests
{
    private const int PieceLength = 4 * FileLayout.BlockLength;

    private readonly List<BlockRequest> _picked = [];

    [Fact]
    public void A_higher_rank_comes_first_though_it_is_common()
    {
        var picker = PickerOf(pieces: 8);
        picker.AddPeer(2);
        picker.PeerHas(2, new PieceIndex(5));
        picker.SetRanks(piece => piece.Value == 5 ? PieceRank.High : piece.Value == 6 ? PieceRank.Low : PieceRank.Normal);
        picker.Pick(1, 8 * 4, _picked);
        Assert.Equal(5, Order()[0]);
        Assert.Equal(6, Order()[^1]);
    }

    [Fact]
    public void A_rank_raised_later_goes_before_pieces_that_are_begun()
    {
        var picker = PickerOf(pieces: 8);
        picker.Pick(1, 2, _picked);
        var begun = _picked[0].Piece.Value;
        var raised = (begun + 1) % 8;
        picker.SetRanks(piece => piece.Value == raised ? PieceRank.High : PieceRank.Low);
        _picked.Clear();
        picker.Pick(1, 6, _picked);
        Assert.Equal([raised, begun], Order());
    }

    [Fact]
    public void Skipped_pieces_come_not_at_all_until_they_are_wanted_again()
    {
        var picker = PickerOf(pieces: 4);
        picker.SetRanks(piece => piece.Value == 2 ? PieceRank.Normal : PieceRank.Skip);
        Assert.Equal(4, picker.Pick(1, 100, _picked));
        picker.SetRanks(_ => PieceRank.Low);
        Assert.Equal(12, picker.Pick(1, 100, _picked));
    }

    [Fact]
    public void In_sequential_order_ranks_come_one_after_the_other()
    {
        var picker = PickerOf(pieces: 6, new PiecePickerOptions { Order = PieceOrder.Sequential });
        picker.SetRanks(piece => piece.Value % 2 == 0 ? PieceRank.Low : PieceRank.High);
        picker.Pick(1, 100, _picked);
        Assert.Equal([1, 3, 5, 0, 2, 4], Order());
    }

    [Fact]
    public void Sequential_order_goes_back_to_what_came_free()
    {
        var picker = PickerOf(pieces: 200, new PiecePickerOptions { Order = PieceOrder.Sequential });
        picker.Pick(1, 4 * 150, _picked);
        picker.AddPeer(2);
        picker.PeerHas(2, new PieceIndex(190));
        picker.PeerHas(2, new PieceIndex(3));
        picker.Pick(2, 1, []);
        picker.ReturnAll(1);
        _picked.Clear();
        picker.Pick(2, 8, _picked);
        Assert.Equal([190, 3], Order());
    }

    [Fact]
    public void A_deadline_goes_before_rank_and_an_earlier_one_before_a_later_one()
    {
        var picker = PickerOf(pieces: 8);
        picker.SetRanks(piece => piece.Value < 4 ? PieceRank.High : PieceRank.Low);
        picker.SetDeadline(new PieceIndex(6), TimeSpan.FromSeconds(2));
        picker.SetDeadline(new PieceIndex(7), TimeSpan.FromSeconds(1));
        picker.SetDeadline(new PieceIndex(5), TimeSpan.FromSeconds(3));
        picker.SetDeadline(new PieceIndex(6), TimeSpan.FromSeconds(4));
        picker.ClearDeadline(new PieceIndex(0));
        picker.Pick(1, 4 * 4, _picked);
        Assert.Equal([7, 5, 6], Order()[..3]);
        Assert.InRange(Order()[3], 0, 3);
    }

    [Fact]
    public void A_deadline_does_not_bring_what_is_not_wanted()
    {
        var picker = PickerOf(pieces: 2);
        picker.SetRanks(piece => piece.Value == 0 ? PieceRank.Normal : PieceRank.Skip);
        picker.SetDeadline(new PieceIndex(1), TimeSpan.Zero);
        picker.Pick(1, 100, _picked);
        Assert.Equal([0], Order());
    }

    [Fact]
    public void A_peer_that_had_everything_and_lost_a_piece_is_not_asked_for_it()
    {
        var picker = PickerOf(pieces: 3);
        picker.Pick(1, 1, _picked);
        var lost = _picked[0].Piece;
        Assert.Equal(1, picker.PeerLost(1, lost));
        Assert.Equal(0, picker.Availability(lost));
        _picked.Clear();
        Assert.Equal(8, picker.Pick(1, 100, _picked));
        Assert.DoesNotContain(lost.Value, Order());
        picker.PeerHas(1, lost);
        Assert.Equal(4, picker.Pick(1, 100, []));
    }

    [Fact]
    public void A_piece_has_the_rank_of_the_most_wanted_file_in_it()
    {
        var priorities = new FilePriorities(Layout(3 * PieceLength, PieceLength / 2, PieceLength, 0, 2 * PieceLength));
        priorities[0] = FilePriority.Low;
        priorities[1] = FilePriority.High;
        priorities[2] = FilePriority.Skip;
        priorities[4] = FilePriority.Normal;
        Assert.Equal(
            [PieceRank.Low, PieceRank.Low, PieceRank.Low, PieceRank.High, PieceRank.Normal, PieceRank.Normal, PieceRank.Normal], priorities.Ranks());
        Assert.Equal([0, 1, 3, 4], priorities.Wanted().Order());
    }

    [Fact]
    public void First_and_last_pieces_of_wanted_files_come_before_all_others()
    {
        var priorities = new FilePriorities(Layout(3 * PieceLength, 3 * PieceLength)) { IsFirstAndLastFirst = true };
        priorities[0] = FilePriority.Skip;
        priorities[1] = FilePriority.Low;
        Assert.Equal(
            [PieceRank.Skip, PieceRank.Skip, PieceRank.Skip, PieceRank.Edge, PieceRank.Low, PieceRank.Edge], priorities.Ranks());
    }

    private int[] Order() => [.. _picked.Select(block => block.Piece.Value).Distinct()];

    private static FileLayout Layout(params int[] lengths)
    {
        var files = new List<TorrentFileEntry>();
        var offset = 0L;
        foreach (var length in lengths)
        {
            files.Add(new TorrentFileEntry(files.Count, [$"file{files.Count}"], length, offset));
            offset += length;
        }
        return new FileLayout(files, PieceLength);
    }

    /// <summary>A picker with one peer, 1, that has everything.</summary>
    private static PiecePicker PickerOf(int pieces, PiecePickerOptions? options = null)
    {
        var picker = new PiecePicker(
            PiecePickerModel.LayoutOf(pieces, PieceLength, PieceLength), options ?? new PiecePickerOptions(), new Random(5));
        PiecePickerTests.AddSeed(picker, 1);
        return picker;
    }
}
