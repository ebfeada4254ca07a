using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Whether to collect all garbage and give memory back now. The collector by itself runs only when memory is allocated, so what a burst of
/// connections or a transfer left behind would stay for as long as nothing happens. Looked at once an interval.
/// </summary>
internal sealed class MemoryTrim(MemoryOptions options)
{
    // Whoever allocates more than this part of what makes a trim worth the while in one interval is not at rest.
    private const int RestPart = 4;

    private long _trimmedAt;
    private long _seen;

    /// <summary>Whether it is time to; then it counts as done.</summary>
    /// <param name="quiet">How long no block has moved.</param>
    /// <param name="allocated">All bytes that the process has ever allocated.</param>
    public bool IsDue(TimeSpan quiet, long allocated)
    {
        var recent = allocated - _seen;
        _seen = allocated;
        if (quiet < options.Quiet || recent > options.LeastBytes / RestPart || allocated - _trimmedAt < options.LeastBytes)
            return false;
        _trimmedAt = allocated;
        return true;
    }
}
