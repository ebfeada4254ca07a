namespace ActorTorrent.Lab.Scenarios;

/// <summary>What happens at a time of a planned run.</summary>
public enum PlannedAction
{
    /// <summary>Peers come, for the first time or again.</summary>
    Arrive,

    /// <summary>Peers leave.</summary>
    Leave,

    /// <summary>The network between peers and everybody else is cut.</summary>
    CutOff,

    /// <summary>The cut is mended.</summary>
    Rejoin,

    /// <summary>The tracker stops answering.</summary>
    TrackerDown,

    /// <summary>The tracker answers again.</summary>
    TrackerUp,

    /// <summary>The engine's disk becomes slow.</summary>
    DiskSlow,

    /// <summary>The engine's disk is as fast as it is.</summary>
    DiskNormal,
}
