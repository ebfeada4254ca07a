namespace ActorTorrent.Service.Session;

/// <summary>Moves in a line of torrents. Pure.</summary>
internal static class QueueOrder
{
    /// <summary>The line after a move; those that move keep their order among themselves.</summary>
    /// <param name="line">The line.</param>
    /// <param name="moved">Who moves.</param>
    /// <param name="move">Where to.</param>
    public static IReadOnlyList<int> Move(IReadOnlyList<int> line, IReadOnlySet<int> moved, QueueMove move)
    {
        var (chosen, others) = (line.Where(moved.Contains), line.Where(id => !moved.Contains(id)));
        switch (move)
        {
            case QueueMove.Top:
                return [.. chosen, .. others];
            case QueueMove.Bottom:
                return [.. others, .. chosen];
            case QueueMove.Up:
                var up = line.ToArray();
                for (var at = 1; at < up.Length; at++)
                {
                    if (moved.Contains(up[at]) && !moved.Contains(up[at - 1]))
                        (up[at - 1], up[at]) = (up[at], up[at - 1]);
                }
                return up;
            default:
                var down = line.ToArray();
                for (var at = down.Length - 2; at >= 0; at--)
                {
                    if (moved.Contains(down[at]) && !moved.Contains(down[at + 1]))
                        (down[at + 1], down[at]) = (down[at], down[at + 1]);
                }
                return down;
        }
    }

    /// <summary>The line after one torrent took a place; beyond the end means the end.</summary>
    public static IReadOnlyList<int> Place(IReadOnlyList<int> line, int id, int position)
    {
        var rest = line.Where(other => other != id).ToList();
        rest.Insert(Math.Clamp(position, 0, rest.Count), id);
        return rest;
    }
}
