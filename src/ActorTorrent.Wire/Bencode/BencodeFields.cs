using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BencodeNET.Exceptions;
using BencodeNET.Objects;
using BencodeNET.Parsing;

namespace ActorTorrent.Wire.Bencode;

/// <summary>
/// A parsed dictionary together with where it stands in its input, so that whoever finds a value wrong can say which field and byte it is.
/// Offsets are looked up only then.
/// </summary>
internal sealed class BencodeFields
{
    private readonly ReadOnlyMemory<byte> _input;
    private readonly BDictionary _dictionary;
    private readonly BencodeFault _fault;

    private BencodeFields(ReadOnlyMemory<byte> input, BDictionary dictionary, BencodePath path, BencodeFault fault)
    {
        _input = input;
        _dictionary = dictionary;
        _fault = fault;
        Path = path;
    }

    /// <summary>Makes the exception that a fault is told by.</summary>
    public delegate Exception BencodeFault(string field, long offset, string message);

    /// <summary>The way to this dictionary.</summary>
    public BencodePath Path { get; }

    /// <summary>The keys and values.</summary>
    public BDictionary Values => _dictionary;

    /// <summary>Scans and parses an input whose outermost value must be a dictionary.</summary>
    public static BencodeFields Parse(ReadOnlyMemory<byte> input, BencodeFault fault)
    {
        try
        {
            BencodeScanner.Check(input.Span);
        }
        catch (BencodeScanException problem)
        {
            throw fault(problem.Field, problem.Offset, $"is no valid bencode: {problem.Reason}");
        }
        if (input.Span[0] != (byte)'d')
            throw fault(string.Empty, 0, "must be a bencoded dictionary, which starts with 'd'");
        var bytes = MemoryMarshal.TryGetArray(input, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : input.ToArray();
        try
        {
            return new BencodeFields(input, new BencodeParser().Parse<BDictionary>(bytes), BencodePath.Root, fault);
        }
        catch (BencodeException problem)
        {
            // The scan is the stricter one; but the parser may be another version of itself.
            throw fault(string.Empty, 0, $"is no valid bencode: {problem.Message}");
        }
    }

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string key) => _dictionary.ContainsKey(key);

    /// <summary>A number; null when the key is missing.</summary>
    public long? Number(string key) => Value<BNumber>(key, "a number")?.Value;

    /// <summary>A string's bytes; null when the key is missing.</summary>
    public ReadOnlyMemory<byte>? Bytes(string key) => Value<BString>(key, "a string")?.Value;

    /// <summary>A list; null when the key is missing.</summary>
    public BList? List(string key) => Value<BList>(key, "a list");

    /// <summary>A dictionary; null when the key is missing.</summary>
    public BencodeFields? Fields(string key) =>
        Value<BDictionary>(key, "a dictionary") is { } inner ? Within(inner, Path.Key(key)) : null;

    /// <summary>A dictionary that was found on some way inside this one.</summary>
    public BencodeFields Within(BDictionary inner, BencodePath path) => new(_input, inner, path, _fault);

    /// <summary>A value that only informs: null when it is missing or of another kind.</summary>
    public T? Lenient<T>(string key)
        where T : class, IBObject =>
        _dictionary.TryGetValue(key, out var value) ? value as T : null;

    /// <summary>The exception for a fault in the value under a key.</summary>
    public Exception Fault(string key, string message) => Fault(Path.Key(key), message);

    /// <summary>The exception for a fault in the value that a path leads to.</summary>
    public Exception Fault(BencodePath path, string message) =>
        _fault(path.ToString(), BencodeScanner.OffsetOf(_input.Span, path), message);

    private T? Value<T>(string key, string kind)
        where T : class, IBObject
    {
        if (!_dictionary.TryGetValue(key, out var value))
            return null;
        return value as T ?? Wrong<T>(key, kind);
    }

    [DoesNotReturn]
    private T Wrong<T>(string key, string kind) => throw Fault(key, $"must be {kind}");
}
