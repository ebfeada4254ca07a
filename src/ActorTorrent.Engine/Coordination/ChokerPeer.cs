namespace ActorTorrent.Engine.Coordination;

/// <summary>What a <see cref="Choker"/> needs to know of a peer.</summary>
/// <param name="Number">Its number.</param>
/// <param name="IsInterested">Whether it is interested in us.</param>
/// <param name="DownloadRate">Bytes a second that it gives us.</param>
/// <param name="UploadRate">Bytes a second that we give it.</param>
/// <param name="IsSnubbed">Whether it owes us blocks and sends none.</param>
/// <param name="IsUnchoked">Whether we unchoke it now.</param>
/// <param name="ConnectedAt">Since when it is connected.</param>
internal readonly record struct ChokerPeer(
    int Number,
    bool IsInterested,
    long DownloadRate,
    long UploadRate,
    bool IsSnubbed,
    bool IsUnchoked,
    TimeSpan ConnectedAt);
