namespace ActorTorrent.Lab.Peers;

/// <summary>What a stub peer wants of the other side.</summary>
public enum PeerRole
{
    /// <summary>Nothing; it serves what it has.</summary>
    Seed,

    /// <summary>Nothing; it has nothing either and only keeps its connection.</summary>
    Idle,

    /// <summary>Everything, and it gives nothing: asks for blocks at random for as long as it is connected.</summary>
    FreeRider,
}
