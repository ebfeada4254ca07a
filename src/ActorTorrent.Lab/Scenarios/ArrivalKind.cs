namespace ActorTorrent.Lab.Scenarios;

/// <summary>How the peers of a group come.</summary>
public enum ArrivalKind
{
    /// <summary>All together.</summary>
    AtOnce,

    /// <summary>One after the other, with exponentially distributed gaps.</summary>
    Poisson,

    /// <summary>Most at the beginning and ever fewer after: exponentially distributed times.</summary>
    FlashCrowd,
}
