namespace ActorTorrent.Engine.Limits;

/// <summary>Limits of both directions.</summary>
/// <param name="Download">Bytes of blocks from peers.</param>
/// <param name="Upload">Bytes of blocks to peers.</param>
public sealed record RateLimits(ByteRate Download = default, ByteRate Upload = default)
{
    /// <summary>No limits.</summary>
    public static readonly RateLimits None = new();

    /// <summary>The limit of one direction.</summary>
    internal ByteRate Of(TransferDirection direction) => direction == TransferDirection.Download ? Download : Upload;
}
