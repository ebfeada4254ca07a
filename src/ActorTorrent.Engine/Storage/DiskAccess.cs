using Microsoft.Win32.SafeHandles;

namespace ActorTorrent.Engine.Storage;

/// <summary>How bytes get to files and back: the system's calls, which tests and studies of faults put something of their own before.</summary>
public class DiskAccess
{
    /// <summary>The system, and nothing before it.</summary>
    public static DiskAccess Direct { get; } = new();

    /// <summary>Reads what there is from an offset on; fewer bytes than asked for are no failure, none is the end of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="into">Where the bytes go.</param>
    /// <param name="offset">From where.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public virtual int Read(SafeFileHandle file, Span<byte> into, long offset) => RandomAccess.Read(file, into, offset);

    /// <summary>Writes all bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="offset">To where.</param>
    /// <exception cref="IOException">The disk failed; some of the bytes may have been written.</exception>
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    /// <summary>Gives a file its length.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">In bytes.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public virtual void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);
}
