namespace ActorTorrent.Engine.Limits;

/// <summary>Which way blocks go.</summary>
public enum TransferDirection
{
    /// <summary>From a peer to us.</summary>
    Download,

    /// <summary>From us to a peer.</summary>
    Upload,
}
