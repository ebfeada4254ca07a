using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>One file of a torrent.</summary>
/// <param name="Index">Its index in the torrent.</param>
/// <param name="Path">Its path in the torrent.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Priority">How much it is wanted.</param>
/// <param name="BytesVerified">Bytes of it that lie in verified pieces.</param>
public sealed record FileStatus(int Index, string Path, long Length, FilePriority Priority, long BytesVerified);
