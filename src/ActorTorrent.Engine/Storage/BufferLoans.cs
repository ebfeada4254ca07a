namespace ActorTorrent.Engine.Storage;

/// <summary>The buffers of all torrents of an engine that are out on loan.</summary>
public sealed class BufferLoans
{
    /// <summary>Pieces that are being put together.</summary>
    public LoanCount Pieces { get; } = new();

    /// <summary>Blocks on their way from disk to sockets.</summary>
    public LoanCount Reads { get; } = new();
}
