namespace BencodeNET.Objects;

public abstract class BObject<T> : BObject
{
    internal BObject()
    {
    }

    public abstract T Value { get; }
}
