using System.Globalization;
using System.Text;
using BencodeNET.Exceptions;
using BencodeNET.IO;
using BencodeNET.Objects;

namespace BencodeNET.Parsing;

public class BencodeParser : IBencodeParser
{
    private const int MaxLengthDigits = 10;
    private const int MaxNumberDigits = 19;

    public BencodeParser(Encoding encoding = null)
    {
        Encoding = encoding ?? Encoding.UTF8;
    }

    public Encoding Encoding { get; set; }

    public virtual IBObject Parse(BencodeReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        switch (reader.PeekChar())
        {
            case >= '0' and <= '9':
                return ParseString(reader);
            case 'i':
                return ParseNumber(reader);
            case 'l':
                return ParseList(reader);
            case 'd':
                return ParseDictionary(reader);
            case '\0':
                return null;
            default:
                throw new InvalidBencodeException<IBObject>(
                    $"Invalid first character in object. Expected one of: 0-9, i, l, d. Got '{reader.PeekChar()}'", reader.Position);
        }
    }

    public virtual T Parse<T>(BencodeReader reader)
        where T : class, IBObject
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (typeof(T) == typeof(BString))
            return (T)(object)ParseString(reader);
        if (typeof(T) == typeof(BNumber))
            return (T)(object)ParseNumber(reader);
        if (typeof(T) == typeof(BList))
            return (T)(object)ParseList(reader);
        if (typeof(T) == typeof(BDictionary))
            return (T)(object)ParseDictionary(reader);
        if (typeof(T) == typeof(IBObject))
            return (T)Parse(reader);
        throw new BencodeException($"Missing parser for the type '{typeof(T).FullName}'. Stream position: {reader.Position}");
    }

    private static void Start<T>(BencodeReader reader, char expected, int minimumLength)
    {
        if (reader.Length < minimumLength)
        {
            throw new InvalidBencodeException<T>(
                $"Minimum valid stream length is {minimumLength}, the actual length is {reader.Length}", reader.Position);
        }

        var at = reader.Position;
        var first = reader.ReadChar();
        if (first != expected)
            throw new InvalidBencodeException<T>($"Unexpected character. Expected '{expected}', got '{first}'.", at);
    }

    private static void End<T>(BencodeReader reader)
    {
        if (reader.ReadChar() == 'e')
            return;
        throw new InvalidBencodeException<T>("Missing end character of object. Expected 'e', reached the end of the stream.", reader.Position);
    }

    private BString ParseString(BencodeReader reader)
    {
        const int minimumLength = 2;
        if (reader.Length < minimumLength)
        {
            throw new InvalidBencodeException<BString>(
                $"Minimum valid stream length is {minimumLength}, the actual length is {reader.Length}", reader.Position);
        }

        var start = reader.Position;
        var digits = 0;
        long length = 0;
        char c;
        while ((c = reader.ReadChar()) != ':')
        {
            if (!char.IsAsciiDigit(c))
            {
                throw new InvalidBencodeException<BString>(
                    c == '\0' ? "Unexpected end of stream in the length." : $"Unexpected character '{c}' in the length.", reader.Position - 1);
            }

            if (++digits > MaxLengthDigits)
            {
                throw new UnsupportedBencodeException<BString>(
                    $"Length of string is more than {MaxLengthDigits} digits, the maximum is {int.MaxValue}.", start);
            }

            length = (length * 10) + (c - '0');
        }

        if (digits == 0)
            throw new InvalidBencodeException<BString>("The length is missing.", start);
        if (length > int.MaxValue)
            throw new UnsupportedBencodeException<BString>($"Length of string is {length}, the maximum is {int.MaxValue}.", start);
        if (reader.Length < reader.Position + length)
        {
            throw new InvalidBencodeException<BString>(
                $"Expected string to be {length} bytes long but it would end after the end of the stream.", start);
        }

        var bytes = new byte[length];
        var read = reader.Read(bytes);
        if (read != length)
            throw new InvalidBencodeException<BString>($"Expected string to be {length} bytes long but could only read {read} bytes.", start);
        return new BString(bytes, Encoding);
    }

    private static BNumber ParseNumber(BencodeReader reader)
    {
        var start = reader.Position;
        Start<BNumber>(reader, 'i', minimumLength: 3);
        var digits = new StringBuilder();
        char c;
        while ((c = reader.ReadChar()) is not ('e' or '\0'))
        {
            digits.Append(c);
            if (digits.Length > MaxNumberDigits + 1)
                throw new UnsupportedBencodeException<BNumber>($"The number '{digits}' has more than {MaxNumberDigits} digits and is not supported.", start);
        }

        if (c != 'e')
            throw new InvalidBencodeException<BNumber>("Missing end character 'e' of number.", reader.Position);
        var text = digits.ToString();
        var magnitude = text.StartsWith('-') ? text[1..] : text;
        if (magnitude.Length == 0)
            throw new InvalidBencodeException<BNumber>("It contains no digits.", start);
        if (magnitude.Length > MaxNumberDigits)
            throw new UnsupportedBencodeException<BNumber>($"The number '{text}' has more than {MaxNumberDigits} digits and is not supported.", start);
        if (magnitude.Length > 1 && magnitude[0] == '0')
            throw new InvalidBencodeException<BNumber>($"Leading '0's are not valid. Found value '{text}'.", start);
        if (text == "-0")
            throw new InvalidBencodeException<BNumber>("'-0' is not a valid number.", start);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || !magnitude.All(char.IsAsciiDigit))
        {
            throw magnitude.All(char.IsAsciiDigit)
                ? new UnsupportedBencodeException<BNumber>($"The number '{text}' is out of the range of a 64-bit integer.", start)
                : new InvalidBencodeException<BNumber>($"The value '{text}' is not a valid number.", start);
        }

        return new BNumber(value);
    }

    private BList ParseList(BencodeReader reader)
    {
        Start<BList>(reader, 'l', minimumLength: 2);
        var list = new BList();
        while (reader.PeekChar() is not ('e' or '\0'))
            list.Add(Parse(reader));
        End<BList>(reader);
        return list;
    }

    private BDictionary ParseDictionary(BencodeReader reader)
    {
        var start = reader.Position;
        Start<BDictionary>(reader, 'd', minimumLength: 2);
        var dictionary = new BDictionary();
        while (reader.PeekChar() is not ('e' or '\0'))
        {
            BString key;
            try
            {
                key = ParseString(reader);
            }
            catch (BencodeException<BString> e)
            {
                throw new InvalidBencodeException<BDictionary>("Could not parse dictionary key. Keys must be strings.", e, reader.Position);
            }

            IBObject value;
            try
            {
                value = Parse(reader);
            }
            catch (BencodeException e)
            {
                throw new InvalidBencodeException<BDictionary>($"Could not parse dictionary value for the key '{key}'. There needs to be a value for each key.", e, start);
            }

            if (dictionary.ContainsKey(key))
                throw new InvalidBencodeException<BDictionary>($"The dictionary already contains the key '{key}'. Duplicate keys are not supported.", start);

            // A text that ends after a key has no value: the null is refused here.
            dictionary.Add(key, value);
        }

        End<BDictionary>(reader);
        return dictionary;
    }
}
