namespace ActorTorrent.Engine.Options;

/// <summary>How much of a file's space is taken when it is made.</summary>
public enum FileAllocation
{
    /// <summary>None: it has its full length at once, and space as it is written.</summary>
    Sparse,

    /// <summary>All: that the disk is full shows at once, and the file lies in few pieces.</summary>
    Full,
}
