using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>A torrent as it was found in the session's folder.</summary>
/// <param name="Settings">What is wanted of it.</param>
/// <param name="Metainfo">Its torrent file; null while a magnet link's metadata is not there.</param>
/// <param name="Magnet">The link that it began as, if it did.</param>
internal sealed record SavedTorrent(TorrentSettings Settings, TorrentMetainfo? Metainfo, MagnetLink? Magnet);
