namespace ActorTorrent.Lab.Peers;

/// <summary>How a stub peer stops serving.</summary>
public enum TransferEnding
{
    /// <summary>Keeps its connections and its port, and never sends data again.</summary>
    Stall,

    /// <summary>Closes its port, cuts the block it is sending and ends every connection in order (FIN).</summary>
    Close,

    /// <summary>Closes its port, cuts the block it is sending and resets every connection (RST).</summary>
    Reset,
}
