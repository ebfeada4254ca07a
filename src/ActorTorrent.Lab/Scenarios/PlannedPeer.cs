using System.Net;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>A peer of a planned run.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Group">The name of its group.</param>
/// <param name="Address">Where it will be; the port is the system's choice.</param>
/// <param name="Script">How it behaves; null for a whole engine.</param>
public sealed record PlannedPeer(int Index, string Group, IPAddress Address, PeerScript? Script)
{
    /// <summary>What decides the random choices of a whole engine.</summary>
    public int EngineSeed { get; init; }
}
