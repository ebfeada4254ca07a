namespace ActorTorrent.Engine.Resume;

/// <summary>Another program has the torrent.</summary>
/// <param name="message">Which, where, and what to do, in sentences.</param>
/// <param name="inner">What the system said.</param>
public sealed class TorrentLockedException(string message, Exception inner) : Exception(message, inner);
