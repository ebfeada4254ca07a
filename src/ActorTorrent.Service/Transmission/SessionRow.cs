using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>The session as <c>session-get</c> writes it.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="DataFolder">Where it is kept.</param>
/// <param name="SessionId">The handshake's id.</param>
/// <param name="BlocklistSize">Rules of the blocklist.</param>
/// <param name="FreeSpace">Free bytes where downloads go; null when that is not known.</param>
internal sealed record SessionRow(SessionSettings Settings, string DataFolder, string SessionId, int BlocklistSize, long? FreeSpace);
