using System.Numerics;

namespace ActorTorrent.Engine.Creation;

/// <summary>Which sizes a torrent's pieces may have, and which one fits how much content.</summary>
public static class PieceLengths
{
    /// <summary>The least: 16 KiB, a block.</summary>
    public const int Least = 16 << 10;

    /// <summary>The greatest: 256 MiB, as in mktorrent.</summary>
    public const int Greatest = 256 << 20;

    private const int LeastChosen = 32 << 10;
    private const int GreatestChosen = 16 << 20;
    private const int PiecesAimedAt = 2048;

    /// <summary>Whether pieces may be of this size: a power of two within the bounds.</summary>
    public static bool IsAllowed(long bytes) => bytes is >= Least and <= Greatest && BitOperations.IsPow2(bytes);

    /// <summary>The size of pieces for content of a size.</summary>
    /// <param name="totalLength">The content's size in bytes.</param>
    /// <param name="style">
    /// Standard: the least power of two from 32 KiB to 16 MiB that makes at most 2,048 pieces, or 16 MiB. Transmission: what that program takes.
    /// </param>
    public static int Choose(long totalLength, CreationStyle style)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalLength);
        if (style == CreationStyle.Transmission)
        {
            return (totalLength >> 20) switch
            {
                >= 2048 => 2 << 20,
                >= 1024 => 1 << 20,
                >= 512 => 512 << 10,
                >= 350 => 256 << 10,
                >= 150 => 128 << 10,
                >= 50 => 64 << 10,
                _ => 32 << 10,
            };
        }
        var length = LeastChosen;
        while (length < GreatestChosen && totalLength > (long)length * PiecesAimedAt)
            length *= 2;
        return length;
    }
}
