namespace BencodeNET.Exceptions;

public class UnsupportedBencodeException<T> : BencodeException<T>
{
    public UnsupportedBencodeException()
    {
    }

    public UnsupportedBencodeException(string message)
        : base(message)
    {
    }

    public UnsupportedBencodeException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public UnsupportedBencodeException(string message, long streamPosition)
        : base($"Failed to parse {typeof(T).Name}. {message}")
    {
        StreamPosition = Math.Max(0, streamPosition);
    }

    public long StreamPosition { get; set; }
}
