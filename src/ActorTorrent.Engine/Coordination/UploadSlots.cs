namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// How many peers to unchoke: with few slots a fast line is not used, with many each peer gets too little to give anything back. The number
/// follows the square root of the upload rate, a step a round.
/// </summary>
internal static class UploadSlots
{
    // 4 slots at 26 KiB/s, 8 at 107 KiB/s, 25 at 1 MiB/s, 78 at 10 MiB/s.
    private const double SquareSlotsPerKibibyte = 0.6;

    /// <summary>The number for the next round.</summary>
    /// <param name="slots">The number of the last round.</param>
    /// <param name="used">How many of them were used: idle slots say nothing about the line.</param>
    /// <param name="uploadRate">Bytes a second to all peers together.</param>
    /// <param name="min">The least number.</param>
    /// <param name="max">The greatest number.</param>
    public static int Next(int slots, int used, double uploadRate, int min, int max)
    {
        max = Math.Max(min, max);
        var target = (int)Math.Clamp(Math.Sqrt(uploadRate / 1024 * SquareSlotsPerKibibyte), min, max);
        return used < slots ? Math.Clamp(slots, min, max) : Math.Clamp(slots + Math.Sign(target - slots), min, max);
    }
}
