using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Service.Transmission;

/// <summary>What has to be asked of a torrent for the fields that a caller wants; the rest the session knows.</summary>
/// <param name="Peers">Its peers.</param>
/// <param name="Files">Its files.</param>
/// <param name="Pieces">Its pieces.</param>
internal readonly record struct RowNeeds(bool Peers, bool Files, bool Pieces)
{
    /// <summary>Whether the peers themselves are wanted, not only how many do what.</summary>
    private bool PeersAnyway { get; init; }

    /// <summary>Whether the pieces themselves are wanted, not only how much there is of what is begun.</summary>
    private bool PiecesAnyway { get; init; }

    /// <summary>What fields need.</summary>
    public static RowNeeds Of(string[] fields) => new(
        Array.Exists(fields, TorrentFields.NeedPeers.Contains),
        Array.Exists(fields, TorrentFields.NeedFiles.Contains),
        Array.Exists(fields, TorrentFields.NeedPieces.Contains))
    {
        PeersAnyway = fields.Contains("peers"),
        PiecesAnyway = fields.Contains("pieces") || fields.Contains("availability"),
    };

    /// <summary>What of that has to be asked of a torrent.</summary>
    /// <param name="snapshot">What it said last; null before it said anything.</param>
    public RowNeeds For(TorrentSnapshot? snapshot) => new(
        Peers && (PeersAnyway || snapshot is { Peers.Running: > 0 }),
        Files,
        Pieces && (PiecesAnyway || (snapshot is not null && snapshot.PiecesHave < snapshot.PiecesTotal)));
}
