namespace ActorTorrent.Wire.Trackers;

/// <summary>Why a tracker is asked (BEP 3).</summary>
public enum AnnounceEvent
{
    /// <summary>At the regular interval; not sent.</summary>
    None,

    /// <summary>The first time.</summary>
    Started,

    /// <summary>The download has just become complete.</summary>
    Completed,

    /// <summary>The last time.</summary>
    Stopped,
}
