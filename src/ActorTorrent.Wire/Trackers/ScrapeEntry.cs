namespace ActorTorrent.Wire.Trackers;

/// <summary>What a tracker knows of a torrent (BEP 48).</summary>
/// <param name="Seeders">How many have everything (<c>complete</c>).</param>
/// <param name="Downloaded">How often it was completed (<c>downloaded</c>).</param>
/// <param name="Leechers">How many have not everything (<c>incomplete</c>).</param>
public sealed record ScrapeEntry(int Seeders, int Downloaded, int Leechers);
