using System.Text;
using BencodeNET.IO;
using BencodeNET.Objects;

namespace BencodeNET.Parsing;

public interface IBencodeParser
{
    Encoding Encoding { get; }

    IBObject Parse(BencodeReader reader);

    T Parse<T>(BencodeReader reader)
        where T : class, IBObject;
}
