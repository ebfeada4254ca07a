using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Tests;

public sealed class QueueOrderTests
{
    [Theory]
    [InlineData(QueueMove.Top, new[] { 2, 4 }, new[] { 2, 4, 1, 3, 5 })]
    [InlineData(QueueMove.Bottom, new[] { 2, 4 }, new[] { 1, 3, 5, 2, 4 })]
    [InlineData(QueueMove.Up, new[] { 2, 4 }, new[] { 2, 1, 4, 3, 5 })]
    [InlineData(QueueMove.Up, new[] { 1, 2 }, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(QueueMove.Down, new[] { 2, 4 }, new[] { 1, 3, 2, 5, 4 })]
    [InlineData(QueueMove.Down, new[] { 4, 5 }, new[] { 1, 2, 3, 4, 5 })]
    public void A_move_keeps_those_that_move_in_their_order(QueueMove move, int[] moved, int[] expected) =>
        Assert.Equal(expected, QueueOrder.Move([1, 2, 3, 4, 5], moved.ToHashSet(), move));

    [Theory]
    [InlineData(0, new[] { 2, 1, 3 })]
    [InlineData(1, new[] { 1, 2, 3 })]
    [InlineData(99, new[] { 1, 3, 2 })]
    public void A_place_beyond_the_end_is_the_end(int position, int[] expected) =>
        Assert.Equal(expected, QueueOrder.Place([1, 2, 3], 2, position));
}
