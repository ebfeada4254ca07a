namespace ActorTorrent.Engine.Checking;

/// <summary>How far some reading of bytes has come. Written by the workers, read by whoever shows it.</summary>
/// <param name="total">Bytes in all.</param>
public sealed class WorkProgress(long total)
{
    private long _done;

    /// <summary>Bytes in all.</summary>
    public long Total { get; } = total;

    /// <summary>Bytes read so far.</summary>
    public long Done => Interlocked.Read(ref _done);

    internal void Add(long bytes) => Interlocked.Add(ref _done, bytes);
}
