namespace ActorTorrent.Lab.Peers;

/// <summary>How a stub peer leaves.</summary>
public enum PeerDeparture
{
    /// <summary>Closes its port and ends every connection in order (FIN).</summary>
    Fin,

    /// <summary>Closes its port and resets every connection (RST).</summary>
    Rst,

    /// <summary>Says nothing any more on its connections and to whoever connects; once back, what it had before is reset.</summary>
    Silence,
}
