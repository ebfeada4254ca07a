namespace ActorTorrent.Lab.Peers;

/// <summary>What a stub peer does once it has sent what its script says of its handshake.</summary>
public enum HandshakeEnding
{
    /// <summary>Goes on with messages.</summary>
    GoesOn,

    /// <summary>Keeps the connection and sends nothing more.</summary>
    Silence,

    /// <summary>Ends the connection in order (FIN).</summary>
    Close,

    /// <summary>Resets the connection (RST).</summary>
    Reset,
}
