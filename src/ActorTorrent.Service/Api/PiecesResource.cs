namespace ActorTorrent.Service.Api;

/// <summary>A torrent's pieces in the API, a character a piece.</summary>
/// <param name="Count">How many.</param>
/// <param name="Length">Bytes of each but the last.</param>
/// <param name="States"><c>0</c> missing, <c>1</c> under way, <c>2</c> verified, <c>3</c> not wanted.</param>
/// <param name="Availability">Connected peers that have each, base64 of a byte a piece; 255 means that many and more.</param>
internal sealed record PiecesResource(int Count, int Length, string States, byte[] Availability);
