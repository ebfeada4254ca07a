using ActorTorrent.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Lab.Chaos;

/// <summary>
/// A disk that delays, fails, tears writes and runs full as its script says; the script can be replaced at any time. What it does to the n-th
/// call follows from its seed. Safe for use from several threads at once.
/// </summary>
/// <param name="seed">What decides.</param>
public sealed class FaultyDisk(int seed) : DiskAccess
{
    // As Linux numbers them; what the engine makes of a number that it does not know is the same.
    private const int InputOutputError = 5;
    private const int NoSpaceLeft = 28;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private DiskScript _script = DiskScript.Healthy;
    private long _faults;

    /// <summary>What it does from now on.</summary>
    public DiskScript Script
    {
        get => Volatile.Read(ref _script);
        set => Volatile.Write(ref _script, value);
    }

    /// <summary>Calls that failed or were torn so far.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <inheritdoc/>
    public override int Read(SafeFileHandle file, Span<byte> into, long offset)
    {
        Delay();
        if (Strikes(Script.ReadErrors))
            throw Failure("read", InputOutputError);
        if (into.Length > 1 && Strikes(Script.ShortReads))
            into = into[..(into.Length / 2)];
        return base.Read(file, into, offset);
    }

    /// <inheritdoc/>
    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        Delay();
        if (Strikes(Script.NoSpace))
            throw Failure("write", NoSpaceLeft);
        if (Strikes(Script.WriteErrors))
            throw Failure("write", InputOutputError);
        if (bytes.Length > 1 && Strikes(Script.TornWrites))
        {
            base.Write(file, bytes[..(bytes.Length / 2)], offset);
            throw Failure("write", InputOutputError);
        }
        base.Write(file, bytes, offset);
    }

    /// <inheritdoc/>
    public override void SetLength(SafeFileHandle file, long length)
    {
        Delay();
        if (Strikes(Script.NoSpace))
            throw Failure("allocate", NoSpaceLeft);
        base.SetLength(file, length);
    }

    private IOException Failure(string what, int number)
    {
        Interlocked.Increment(ref _faults);
        return new IOException($"The disk was told to fail this {what}.", number);
    }

    // Blocks, as a slow disk does: this runs on the disk's own threads.
    private void Delay()
    {
        var script = Script;
        if (Strikes(script.Delays))
            Thread.Sleep(script.ShortestDelay + ((script.LongestDelay - script.ShortestDelay) * Next()));
    }

    private bool Strikes(double chance) => chance > 0 && Next() < chance;

    private double Next()
    {
        lock (_gate)
            return _random.NextDouble();
    }
}
