namespace ActorTorrent.Engine.Storage;

/// <summary>What is wrong with a disk, as far as it matters to whoever repairs it.</summary>
public enum DiskFaultKind
{
    /// <summary>Anything else; the reason says what.</summary>
    Other,

    /// <summary>The volume or the user's share of it is full.</summary>
    NoSpace,

    /// <summary>The file system is read-only.</summary>
    ReadOnly,

    /// <summary>The user may not.</summary>
    Denied,

    /// <summary>A file or folder that was there is gone.</summary>
    Vanished,

    /// <summary>A file was changed by another program.</summary>
    Changed,

    /// <summary>The file system takes none of the names that the file could have.</summary>
    NameRefused,
}
