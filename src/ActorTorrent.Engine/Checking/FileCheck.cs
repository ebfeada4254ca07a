using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Checking;

/// <summary>What a check found of one file.</summary>
/// <param name="File">The file as the torrent has it.</param>
/// <param name="State">What was found.</param>
/// <param name="Length">Its length on disk in bytes; null when it is not there.</param>
/// <param name="Pieces">Pieces that it has a part in.</param>
/// <param name="GoodPieces">How many of those match their hash.</param>
public sealed record FileCheck(TorrentFileEntry File, FileCheckState State, long? Length, int Pieces, int GoodPieces);
