using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Creation;

/// <summary>A torrent that was made.</summary>
/// <param name="Bytes">The torrent file.</param>
/// <param name="Metainfo">What it says.</param>
public sealed record CreatedTorrent(ReadOnlyMemory<byte> Bytes, TorrentMetainfo Metainfo);
