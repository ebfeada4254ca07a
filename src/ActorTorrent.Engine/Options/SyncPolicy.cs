namespace ActorTorrent.Engine.Options;

/// <summary>When written bytes are forced to the disk.</summary>
public enum SyncPolicy
{
    /// <summary>When the system likes. After a loss of power, files written shortly before are hashed again.</summary>
    Never,

    /// <summary>Once, when everything wanted is there.</summary>
    OnComplete,

    /// <summary>Before resume data claims them, and when everything wanted is there.</summary>
    OnResumeSave,
}
