namespace ActorTorrent.Engine.Coordination;

/// <summary>What <see cref="PiecePicker.BlockReceived"/> makes of a block.</summary>
internal enum BlockBooking
{
    /// <summary>It was wanted and is now marked as received: it goes to the piece.</summary>
    Accepted,

    /// <summary>
    /// It had been asked of this peer, but is of no use any more: received from another, verified, deselected, or belonging to a piece that
    /// now has to come from one other peer. Nobody is to blame; the bytes are dropped.
    /// </summary>
    Duplicate,

    /// <summary>It was never asked of this peer, or is no block at all. The bytes are dropped.</summary>
    Unexpected,
}
