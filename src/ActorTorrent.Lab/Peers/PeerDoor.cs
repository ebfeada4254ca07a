namespace ActorTorrent.Lab.Peers;

/// <summary>What a stub peer's port does with a connect.</summary>
public enum PeerDoor
{
    /// <summary>Accepts it.</summary>
    Open,

    /// <summary>Refuses it: the port is held, and nobody listens.</summary>
    Refuses,

    /// <summary>
    /// Never answers it: the listener accepts nobody and its backlog is full, so that the system drops what comes. On Windows such a
    /// connect is refused instead.
    /// </summary>
    NeverAccepts,
}
