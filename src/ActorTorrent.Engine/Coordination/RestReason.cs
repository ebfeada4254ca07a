namespace ActorTorrent.Engine.Coordination;

/// <summary>Why a torrent has neither peers nor trackers.</summary>
public enum RestReason
{
    /// <summary>As many others as allowed are at work.</summary>
    Queued,

    /// <summary>The user stopped it.</summary>
    Paused,

    /// <summary>Its ratio or its time of seeding is reached.</summary>
    Finished,
}
