namespace ActorTorrent.Engine.Telemetry;

/// <summary>How a piece is.</summary>
public enum PieceState
{
    /// <summary>Wanted, and nothing of it is there.</summary>
    Missing,

    /// <summary>Some of its blocks are there or asked for.</summary>
    UnderWay,

    /// <summary>It lies on disk, verified.</summary>
    Verified,

    /// <summary>It is not wanted.</summary>
    Skipped,
}
