namespace ActorTorrent.Engine.Coordination;

/// <summary>How much a piece is wanted: all that a peer has of a higher rank is asked of it before anything of a lower one.</summary>
internal enum PieceRank
{
    /// <summary>The first and last pieces of files, if those are to come first.</summary>
    Edge,

    /// <summary>Pieces of files of high priority.</summary>
    High,

    /// <summary>The rank that pieces start with.</summary>
    Normal,

    /// <summary>Pieces of files of low priority alone.</summary>
    Low,

    /// <summary>Not wanted.</summary>
    Skip,
}
