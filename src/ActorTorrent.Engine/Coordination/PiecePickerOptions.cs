namespace ActorTorrent.Engine.Coordination;

/// <summary>What a <see cref="PiecePicker"/> goes by.</summary>
internal sealed record PiecePickerOptions
{
    /// <summary>Of how many peers a block may be asked at once in the endgame; 1 switches the endgame off.</summary>
    public int MaxRequestersPerBlock { get; init; } = 2;

    /// <summary>In the endgame a peer is asked for what others are asked for only up to this many blocks outstanding at it, so that little comes twice.</summary>
    public int EndgameBlocks { get; init; } = 16;

    /// <summary>
    /// Blocks asked at once of a peer that has not sent one yet, and while others have it shares none in the endgame: many that never send
    /// anything must not hold up much.
    /// </summary>
    public int UnprovenBlocks { get; init; } = int.MaxValue;

    /// <summary>In which order fresh pieces are begun.</summary>
    public PieceOrder Order { get; init; } = PieceOrder.RarestFirst;

    /// <summary>
    /// How many pieces may be open (begun and not yet verified) at once, which bounds the piece buffers. Once reached, only open pieces are
    /// picked from, unless a peer has none of them: each such peer may have one more opened.
    /// </summary>
    public int MaxOpenPieces { get; init; } = 256;

    /// <summary>
    /// What the open pieces of all torrents may have together; null for no bound. While it is spent, only a torrent that has none opens one.
    /// </summary>
    public ByteBudget? Budget { get; init; }

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    public PiecePickerOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestersPerBlock, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRequestersPerBlock, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(EndgameBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(UnprovenBlocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOpenPieces, 1);
        return this;
    }
}
