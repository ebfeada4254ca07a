namespace ActorTorrent.Service.Api;

/// <summary>A torrent that was made.</summary>
/// <param name="InfoHash">Its identity.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes of its files.</param>
/// <param name="FileCount">Its files.</param>
/// <param name="PieceCount">Its pieces.</param>
/// <param name="PieceLength">Bytes of each.</param>
/// <param name="Torrent">The torrent file, base64.</param>
/// <param name="Skipped">What was left out, and why.</param>
internal sealed record CreatedResource(
    string InfoHash, string Name, long Size, int FileCount, int PieceCount, int PieceLength, byte[] Torrent, IReadOnlyList<string> Skipped);
