namespace ActorTorrent.Wire.Peers;

/// <summary>What a try at reading a message came to.</summary>
public enum PeerReadStatus
{
    /// <summary>The buffer ends before the message does.</summary>
    NeedMore,

    /// <summary>A message was read.</summary>
    Read,
}
