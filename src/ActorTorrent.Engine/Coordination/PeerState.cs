namespace ActorTorrent.Engine.Coordination;

/// <summary>Where a peer actor is, as its coordinator knows it.</summary>
public enum PeerState
{
    /// <summary>Waits for its dial.</summary>
    Waiting,

    /// <summary>TCP is being connected.</summary>
    Connecting,

    /// <summary>The handshake is under way.</summary>
    Handshaking,

    /// <summary>The connection is in use.</summary>
    Running,
}
