using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Whether to collect all garbage and give memory back now. The collector by itself runs only when memory is allocated, so what a burst of
/// connections or a transfer left behind would stay for as long as nothing happens. Nor does it compact the old part of the heap by itself while
/// there is memory, and thousands of connections that come and go leave as much room between objects there as these take. Looked at once an interval.
/// </summary>
internal sealed class MemoryTrim(MemoryOptions options)
{
    // Whoever allocates more than this part of what makes a trim worth the while in one interval is not at rest.
    private const int RestPart = 4;

    // Room that is too much only if it is this part of the whole as well.
    private const int FragmentedPart = 4;

    private long _trimmedAt;
    private long _seen;
    private long _unavoidable;
    private bool _hasCompacted;

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

    /// <summary>Whether it is time to compact; then it counts as done.</summary>
    /// <param name="size">Bytes of the heap's old part, as of the last collection.</param>
    /// <param name="fragmented">Bytes between its objects that nobody uses.</param>
    public bool IsToCompact(long size, long fragmented)
    {
        // What is left after it was done is held by what cannot be moved: to try again at once would gain nothing.
        _unavoidable = _hasCompacted ? fragmented : Math.Min(_unavoidable, fragmented);
        var gain = fragmented - _unavoidable;
        _hasCompacted = gain >= options.FragmentedBytes && gain >= size / FragmentedPart;
        return _hasCompacted;
    }
}
