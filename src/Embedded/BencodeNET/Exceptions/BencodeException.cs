namespace BencodeNET.Exceptions;

public class BencodeException : Exception
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
}
