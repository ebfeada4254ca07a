using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>A torrent as <c>torrent-get</c> writes it: with what had to be asked for, if a field needs it.</summary>
/// <param name="Torrent">The torrent.</param>
/// <param name="Session">The session's settings.</param>
/// <param name="Now">The present.</param>
internal sealed record TorrentRow(TorrentView Torrent, SessionSettings Session, DateTimeOffset Now)
{
    /// <summary>Its peers, if asked for.</summary>
    public IReadOnlyList<PeerStatus> Peers { get; init; } = [];

    /// <summary>Its files, if asked for; none while they are not known.</summary>
    public IReadOnlyList<FileStatus> Files { get; init; } = [];

    /// <summary>Its pieces, if asked for.</summary>
    public PieceMap? Pieces { get; init; }

    /// <summary>The session's folder.</summary>
    public required SessionStore Store { get; init; }

    /// <summary>Where its torrent file lies.</summary>
    public string TorrentFile => Torrent.Settings.Magnet is null ? Store.TorrentPathOf(Torrent.Settings.InfoHash) : Store.Resume.TorrentPathOf(Torrent.InfoHash);
}
