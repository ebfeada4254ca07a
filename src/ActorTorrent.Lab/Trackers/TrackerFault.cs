namespace ActorTorrent.Lab.Trackers;

/// <summary>What a lab tracker does wrong on purpose.</summary>
public abstract record TrackerFault
{
    private TrackerFault()
    {
    }

    /// <summary>Says no.</summary>
    /// <param name="Text">The failure reason.</param>
    public sealed record Failure(string Text) : TrackerFault;

    /// <summary>Answers with a status and an empty body.</summary>
    /// <param name="Status">The status.</param>
    public sealed record HttpStatus(int Status) : TrackerFault;

    /// <summary>Answers rightly, but late.</summary>
    /// <param name="Delay">How late.</param>
    public sealed record Slow(TimeSpan Delay) : TrackerFault;

    /// <summary>Takes the request and never answers.</summary>
    public sealed record Silent : TrackerFault;

    /// <summary>Answers with these bytes.</summary>
    /// <param name="Body">The bytes.</param>
    public sealed record Garbage(ReadOnlyMemory<byte> Body) : TrackerFault;

    /// <summary>Sends a body without end.</summary>
    public sealed record EndlessBody : TrackerFault;

    /// <summary>Sends a small gzip body that grows when decompressed.</summary>
    /// <param name="Length">Its length after decompression.</param>
    public sealed record GzipBomb(int Length) : TrackerFault;

    /// <summary>Redirects to itself under an ever new URL.</summary>
    public sealed record RedirectLoop : TrackerFault;

    /// <summary>Redirects, the query kept.</summary>
    /// <param name="Target">Where to.</param>
    public sealed record RedirectTo(Uri Target) : TrackerFault;

    /// <summary>No fault: answers rightly in a gzip body, asked for or not.</summary>
    public sealed record Gzip : TrackerFault;
}
