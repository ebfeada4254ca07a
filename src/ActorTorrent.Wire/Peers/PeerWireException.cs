namespace ActorTorrent.Wire.Peers;

/// <summary>A peer broke the wire protocol; its stream cannot be read on.</summary>
public sealed class PeerWireException : Exception
{
    /// <summary>Makes the exception of what is wrong, for the program and for people.</summary>
    public PeerWireException(PeerWireError error, string message)
        : base(message) => Error = error;

    /// <summary>What is wrong.</summary>
    public PeerWireError Error { get; }
}
