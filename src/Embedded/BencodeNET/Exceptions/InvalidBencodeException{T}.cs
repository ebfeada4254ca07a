namespace BencodeNET.Exceptions;

public class InvalidBencodeException<T> : BencodeException<T>
{
    public InvalidBencodeException()
    {
    }

    public InvalidBencodeException(string message)
        : base(message)
    {
    }

    public InvalidBencodeException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public InvalidBencodeException(string message, Exception inner, long streamPosition)
        : base($"Failed to parse {typeof(T).Name}. {message}", inner)
    {
        StreamPosition = Math.Max(0, streamPosition);
    }

    public InvalidBencodeException(string message, long streamPosition)
        : base($"Failed to parse {typeof(T).Name}. {message}")
    {
        StreamPosition = Math.Max(0, streamPosition);
    }

    public long StreamPosition { get; set; }
}
