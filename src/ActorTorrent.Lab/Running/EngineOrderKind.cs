namespace ActorTorrent.Lab.Running;

/// <summary>Orders to a helper with an engine.</summary>
internal enum EngineOrderKind
{
    /// <summary>Begin.</summary>
    Start,

    /// <summary>Hold up the disk.</summary>
    Disk,

    /// <summary>End, and say what it came to.</summary>
    Stop,
}
