namespace ActorTorrent.Service.Session;

/// <summary>What the webhook is told.</summary>
/// <param name="Event">What happened: <c>completed</c>.</param>
/// <param name="Id">The torrent's number.</param>
/// <param name="InfoHash">Its info hash.</param>
/// <param name="Name">Its name.</param>
/// <param name="Folder">The folder that its files are in.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Downloaded">Bytes received.</param>
/// <param name="CompletedAt">When it was complete.</param>
internal sealed record Completion(
    string Event, int Id, string InfoHash, string Name, string Folder, IReadOnlyList<string> Labels, long Size, long Downloaded, DateTimeOffset? CompletedAt);
