namespace ActorTorrent.Engine.Storage;

/// <summary>A pooled buffer that holds a block read from disk on its way to a peer's socket. Disposing returns it.</summary>
public sealed class ReadBuffer : IDisposable
{
    private readonly LoanCount? _loans;
    private byte[]? _array;

    /// <param name="length">Bytes of the block, or of several with room for their heads.</param>
    /// <param name="loans">Counts it until it is disposed; null when nobody does.</param>
    public ReadBuffer(int length, LoanCount? loans = null)
    {
        _loans = loans;
        loans?.Lend();
        _array = ReadMemory.Rent(length);
        Length = length;
    }

    /// <summary>Bytes of the block.</summary>
    public int Length { get; }

    /// <summary>The block's bytes.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was returned already.</exception>
    public Memory<byte> Memory => (_array ?? throw new ObjectDisposedException(nameof(ReadBuffer))).AsMemory(0, Length);

    /// <summary>The block's bytes as an array segment, for a gathered send.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was returned already.</exception>
    public ArraySegment<byte> Segment => new(_array ?? throw new ObjectDisposedException(nameof(ReadBuffer)), 0, Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is not { } array)
            return;
        ReadMemory.Return(array);
        _loans?.Return();
    }
}
