namespace ActorTorrent.Service.Api;

/// <summary>What is sent to those who listen to events. Written when it is sent, so that nobody who listens costs nothing.</summary>
/// <param name="Number">Counted from 1 since the start.</param>
/// <param name="Name">Its kind: <c>torrent</c>, <c>removed</c>, <c>peers</c> or <c>fault</c>.</param>
/// <param name="Torrent">The torrent's number; 0 when it is about none that is known.</param>
/// <param name="Data">Writes the data, in UTF-8 and without line breaks.</param>
internal sealed record ApiEvent(long Number, string Name, int Torrent, Func<byte[]> Data);
