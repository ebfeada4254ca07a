namespace ActorTorrent.Engine.Creation;

/// <summary>What kind of failure ended the making of a torrent.</summary>
public enum CreationFailure
{
    /// <summary>What was asked for cannot be made a torrent.</summary>
    BadInput,

    /// <summary>The disk did not do what was asked of it.</summary>
    Disk,

    /// <summary>The content changed meanwhile, so the hashes would be of nothing that exists.</summary>
    Changed,
}
