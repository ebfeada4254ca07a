namespace ActorTorrent.Engine.Telemetry;

/// <summary>A torrent's peers by state.</summary>
/// <param name="Known">Addresses remembered.</param>
/// <param name="Waiting">Actors that wait to dial again.</param>
/// <param name="Connecting">Connections being made or shaking hands.</param>
/// <param name="Running">Connections in use.</param>
/// <param name="Unchoking">Running peers that let us download.</param>
/// <param name="Seeds">Running peers that have everything.</param>
public sealed record PeerCounts(int Known, int Waiting, int Connecting, int Running, int Unchoking, int Seeds)
{
    /// <summary>The running ones by who named them.</summary>
    public PeerSourceCounts Sources { get; init; }
}
