namespace ActorTorrent.Service.Session;

/// <summary>Why the session does not do what it was asked for.</summary>
public enum SessionErrorKind
{
    /// <summary>There is no such torrent, file or group.</summary>
    NotFound,

    /// <summary>What was given cannot be used.</summary>
    Invalid,

    /// <summary>It does not go with how things stand.</summary>
    Conflict,

    /// <summary>It is not allowed: a path outside the configured roots.</summary>
    Forbidden,

    /// <summary>Our disk or the engine failed.</summary>
    Failed,
}
