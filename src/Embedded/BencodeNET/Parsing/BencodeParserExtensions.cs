using BencodeNET.IO;
using BencodeNET.Objects;

namespace BencodeNET.Parsing;

public static class BencodeParserExtensions
{
    public static IBObject ParseString(this IBencodeParser parser, string bencodedString) =>
        parser.Parse(parser.Encoding.GetBytes(bencodedString));

    public static IBObject Parse(this IBencodeParser parser, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return parser.Parse(stream);
    }

    public static IBObject Parse(this IBencodeParser parser, string filePath)
    {
        using var stream = File.OpenRead(filePath);
        return parser.Parse(stream);
    }

    public static IBObject Parse(this IBencodeParser parser, Stream stream)
    {
        using var reader = new BencodeReader(stream, leaveOpen: true);
        return parser.Parse(reader);
    }

    public static T ParseString<T>(this IBencodeParser parser, string bencodedString)
        where T : class, IBObject => parser.Parse<T>(parser.Encoding.GetBytes(bencodedString));

    public static T Parse<T>(this IBencodeParser parser, byte[] bytes)
        where T : class, IBObject
    {
        using var stream = new MemoryStream(bytes);
        return parser.Parse<T>(stream);
    }

    public static T Parse<T>(this IBencodeParser parser, string filePath)
        where T : class, IBObject
    {
        using var stream = File.OpenRead(filePath);
        return parser.Parse<T>(stream);
    }

    public static T Parse<T>(this IBencodeParser parser, Stream stream)
        where T : class, IBObject
    {
        using var reader = new BencodeReader(stream, leaveOpen: true);
        return parser.Parse<T>(reader);
    }
}
