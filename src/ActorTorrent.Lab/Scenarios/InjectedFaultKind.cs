namespace ActorTorrent.Lab.Scenarios;

/// <summary>What is done to a swarm on purpose.</summary>
public enum InjectedFaultKind
{
    /// <summary>Peers leave as <c>ending</c> says, and come back after <c>for</c>.</summary>
    Kill,

    /// <summary>The network between peers and everybody else is cut until <c>for</c> is over: bytes are held, connections stay, then all goes on.</summary>
    Partition,

    /// <summary>The tracker does not answer.</summary>
    TrackerDown,

    /// <summary>Every disk operation of the engine is held up by <c>delay</c>.</summary>
    SlowDisk,
}
