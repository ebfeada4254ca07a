namespace BencodeNET.Objects;

public interface IBObject
{
    int GetSizeInBytes();

    TStream EncodeTo<TStream>(TStream stream)
        where TStream : Stream;
}
