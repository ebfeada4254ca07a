namespace BencodeNET.Exceptions;

public class BencodeException<T> : BencodeException
{
    public BencodeException()
    {
    }

    public BencodeException(string message)
        : base(message)
    {
    }

    public BencodeException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public Type RelatedType { get; } = typeof(T);
}
