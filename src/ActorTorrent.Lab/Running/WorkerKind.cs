namespace ActorTorrent.Lab.Running;

/// <summary>What a helper does.</summary>
public enum WorkerKind
{
    /// <summary>It holds stub peers.</summary>
    Peers,

    /// <summary>It holds an engine.</summary>
    Engine,
}
