namespace ActorTorrent.Engine.Checking;

/// <summary>What a check found of a file.</summary>
public enum FileCheckState
{
    /// <summary>It is there with its length, and every piece that it has a part in is good.</summary>
    Good,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It ends too early.</summary>
    TooShort,

    /// <summary>It goes on after its end.</summary>
    TooLong,

    /// <summary>It has its length, but a piece that it has a part in does not match its hash.</summary>
    Damaged,
}
