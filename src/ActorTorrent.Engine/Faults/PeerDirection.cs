namespace ActorTorrent.Engine.Faults;

/// <summary>Who made the connection.</summary>
public enum PeerDirection
{
    /// <summary>We dialled.</summary>
    Outgoing,

    /// <summary>The peer dialled; its port is not one that it listens on.</summary>
    Incoming,
}
