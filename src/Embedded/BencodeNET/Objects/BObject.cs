namespace BencodeNET.Objects;

public abstract class BObject : IBObject
{
    internal BObject()
    {
    }

    public abstract int GetSizeInBytes();

    public TStream EncodeTo<TStream>(TStream stream)
        where TStream : Stream
    {
        EncodeObject(stream);
        return stream;
    }

    protected abstract void EncodeObject(Stream stream);

    internal void Write(Stream stream) => EncodeObject(stream);
}
