namespace ActorTorrent.Engine.Coordination;

/// <summary>For each rank, what picks have found of one peer's fresh pieces, so that they do not look for it again.</summary>
internal sealed class PiecePickerMarks
{
    /// <summary>The state of the torrent's fresh pieces, counted, at which the peer was found to have none of them; −1 for never.</summary>
    public long[] NoFreshAt { get; } = [-1, -1, -1, -1];

    /// <summary>The word of the set before which it has nothing fresh, used in sequential order.</summary>
    public int[] FreshCursor { get; } = new int[PieceRarity.Ranks];

    /// <summary>The state of the torrent's fresh pieces that <see cref="FreshCursor"/> goes by; −1 for none.</summary>
    public long[] FreshCursorAt { get; } = [-1, -1, -1, -1];

    /// <summary>Forgets it.</summary>
    public void Clear()
    {
        Array.Fill(NoFreshAt, -1);
        Array.Fill(FreshCursorAt, -1);
    }
}
