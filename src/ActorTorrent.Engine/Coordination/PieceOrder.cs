namespace ActorTorrent.Engine.Coordination;

/// <summary>In which order fresh pieces are begun.</summary>
internal enum PieceOrder
{
    /// <summary>The piece that the fewest peers have; ties by lot.</summary>
    RarestFirst,

    /// <summary>From the first piece to the last.</summary>
    Sequential,
}
