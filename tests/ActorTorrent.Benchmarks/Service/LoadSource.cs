namespace ActorTorrent.Benchmarks.Service;

/// <summary>What is downloaded again and again.</summary>
/// <param name="Torrent">The torrent file.</param>
/// <param name="InfoHash">Its info hash.</param>
/// <param name="Port">The port of who seeds it on this machine.</param>
internal sealed record LoadSource(byte[] Torrent, string InfoHash, int Port);
