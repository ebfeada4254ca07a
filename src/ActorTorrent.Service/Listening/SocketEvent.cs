namespace ActorTorrent.Service.Listening;

/// <summary>What changed about a socket.</summary>
/// <param name="Key">Which.</param>
/// <param name="IsReadable">There is something to receive, or an end or error to learn of.</param>
/// <param name="IsWritable">There is room to send again.</param>
/// <param name="IsEnding">The other side sends no more, or the connection is gone.</param>
internal readonly record struct SocketEvent(long Key, bool IsReadable, bool IsWritable, bool IsEnding);
