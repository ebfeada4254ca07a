namespace BencodeNET.IO;

public class BencodeReader : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private int _peeked = -2;

    public BencodeReader(Stream stream)
        : this(stream, leaveOpen: false)
    {
    }

    public BencodeReader(Stream stream, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream is not readable.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
    }

    public long Position { get; set; }

    public char PreviousChar { get; private set; }

    public bool EndOfStream => PeekByte() < 0;

    public long? Length => _stream.CanSeek ? _stream.Length : null;

    public char PeekChar()
    {
        var next = PeekByte();
        return next < 0 ? default : (char)next;
    }

    public char ReadChar()
    {
        var next = PeekByte();
        if (next < 0)
            return default;
        _peeked = -2;
        Position++;
        return PreviousChar = (char)next;
    }

    public int Read(byte[] buffer)
    {
        var read = 0;
        if (buffer.Length > 0 && _peeked != -2)
        {
            if (_peeked < 0)
                return 0;
            buffer[read++] = (byte)_peeked;
            _peeked = -2;
        }

        read += _stream.ReadAtLeast(buffer.AsSpan(read), buffer.Length - read, throwOnEndOfStream: false);
        Position += read;
        if (read > 0)
            PreviousChar = (char)buffer[read - 1];
        return read;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
            _stream.Dispose();
    }

    private int PeekByte()
    {
        if (_peeked == -2)
            _peeked = _stream.ReadByte();
        return _peeked;
    }
}
