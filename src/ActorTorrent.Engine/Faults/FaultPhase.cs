namespace ActorTorrent.Engine.Faults;

/// <summary>How far a peer had come when it failed.</summary>
public enum FaultPhase
{
    /// <summary>The TCP connection was being made.</summary>
    Connect,

    /// <summary>The 68 bytes of BEP 3's handshake were being exchanged.</summary>
    Handshake,

    /// <summary>A message broke the wire protocol.</summary>
    Wire,

    /// <summary>The connection stood and messages were being exchanged.</summary>
    Transfer,

    /// <summary>Bytes did not match the hash of their piece.</summary>
    Verify,
}
