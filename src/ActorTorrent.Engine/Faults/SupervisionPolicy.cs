namespace ActorTorrent.Engine.Faults;

/// <summary>What becomes of a peer that failed in a way that may pass, and of its fellows: <c>faults.policy</c>, for experiments.</summary>
public enum SupervisionPolicy
{
    /// <summary>It alone is restarted, after a delay that doubles with every failure in a row.</summary>
    BackOff,

    /// <summary>It alone is restarted, without a delay.</summary>
    AtOnce,

    /// <summary>It alone is stopped; its address is tried again only when somebody names it anew after <c>faults.max-retry-delay</c>.</summary>
    Never,

    /// <summary>Every peer of the torrent is restarted with it, after the same delay.</summary>
    AllForOne,
}
