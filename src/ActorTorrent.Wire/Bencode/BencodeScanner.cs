using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ActorTorrent.Wire.Bencode;

/// <summary>
/// Looks over bencode from outside before anything builds objects of it (BEP 3, bencoding): without recursion, in one pass, in time linear
/// in the input. What it accepts is nested at most <see cref="MaxDepth"/> deep, has every string within the input, integers of 64 bits and
/// string lengths in their one canonical form, and no key twice in a dictionary. Keys out of order are accepted, as other programs do,
/// unless the caller asks otherwise.
/// </summary>
public static class BencodeScanner
{
    /// <summary>How many lists and dictionaries may be open at once: 64.</summary>
    public const int MaxDepth = 64;

    /// <summary>How many bytes of a key, and steps of a path, a message shows.</summary>
    private const int MostShown = 40;
    private const int MostSteps = 8;

    private const byte List = (byte)'l';
    private const byte Dictionary = (byte)'d';
    private const byte Integer = (byte)'i';
    private const byte End = (byte)'e';
    private const byte Colon = (byte)':';

    /// <summary>Checks that the input is exactly one value.</summary>
    /// <param name="bytes">The whole input.</param>
    /// <param name="requireSortedKeys">Whether keys out of order are refused.</param>
    /// <exception cref="BencodeScanException">It is not.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, bool requireSortedKeys = false)
    {
        var consumed = CheckPrefix(bytes, requireSortedKeys);
        if (consumed != bytes.Length)
            throw new BencodeScanException(consumed, $"{bytes.Length - consumed} bytes follow the end of the value");
    }

    /// <summary>Checks the one value that the input starts with and returns its length in bytes; what follows it is not looked at.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="requireSortedKeys">Whether keys out of order are refused.</param>
    /// <exception cref="BencodeScanException">The input does not start with an acceptable value.</exception>
    public static int CheckPrefix(ReadOnlySpan<byte> bytes, bool requireSortedKeys = false)
    {
        var state = new Pass(bytes, requireSortedKeys);
        return state.Run();
    }

    /// <summary>Finds the raw bytes of a value.</summary>
    /// <param name="bytes">Input that <see cref="Check"/> or <see cref="CheckPrefix"/> accepted.</param>
    /// <param name="path">The way to the value.</param>
    /// <param name="value">Where the value stands in the input, its own first and last byte included.</param>
    /// <returns>Whether there is such a value.</returns>
    public static bool TryFind(ReadOnlySpan<byte> bytes, BencodePath path, out Range value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = default;
        var position = 0;
        foreach (var step in path.Steps())
        {
            if (!TryStep(bytes, ref position, step))
                return false;
        }
        value = position..Skip(bytes, position);
        return true;
    }

    /// <summary>
    /// Where to point a reader who looks for a value: its first byte, or when it is missing, that of the nearest value around it.
    /// </summary>
    /// <param name="bytes">Input that <see cref="Check"/> or <see cref="CheckPrefix"/> accepted.</param>
    /// <param name="path">The way to the value.</param>
    public static long OffsetOf(ReadOnlySpan<byte> bytes, BencodePath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var position = 0;
        foreach (var step in path.Steps())
        {
            if (!TryStep(bytes, ref position, step))
                break;
        }
        return position;
    }

    /// <summary>Moves from a container to one of its values; leaves the position alone when there is none.</summary>
    private static bool TryStep(ReadOnlySpan<byte> bytes, ref int position, BencodePath step)
    {
        var at = position + 1;
        if (step.Name is { } name)
        {
            if (bytes[position] != Dictionary)
                return false;
            var key = Encoding.UTF8.GetBytes(name);
            while (bytes[at] != End)
            {
                var content = StringAt(bytes, at);
                at = content.End.Value;
                if (bytes[content].SequenceEqual(key))
                {
                    position = at;
                    return true;
                }
                at = Skip(bytes, at);
            }
            return false;
        }

        if (bytes[position] != List)
            return false;
        for (var i = 0; bytes[at] != End; i++)
        {
            if (i == step.Position)
            {
                position = at;
                return true;
            }
            at = Skip(bytes, at);
        }
        return false;
    }

    /// <summary>The end of the accepted value that starts at a position.</summary>
    private static int Skip(ReadOnlySpan<byte> bytes, int at)
    {
        var depth = 0;
        do
        {
            switch (bytes[at])
            {
                case List or Dictionary:
                    depth++;
                    at++;
                    break;
                case End:
                    depth--;
                    at++;
                    break;
                case Integer:
                    at += bytes[at..].IndexOf(End) + 1;
                    break;
                default:
                    at = StringAt(bytes, at).End.Value;
                    break;
            }
        }
        while (depth > 0);
        return at;
    }

    /// <summary>Where the content of an accepted string stands.</summary>
    private static Range StringAt(ReadOnlySpan<byte> bytes, int at)
    {
        var length = 0;
        while (bytes[at] != Colon)
            length = (length * 10) + (bytes[at++] - '0');
        return (at + 1)..(at + 1 + length);
    }

    /// <summary>One pass over one value.</summary>
    private ref struct Pass(ReadOnlySpan<byte> bytes, bool requireSortedKeys)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private Frame[]? _frames;
        private KeySpan[]? _keys;
        private int _keyCount;
        private int _depth;
        private int _at;
        private bool _inValue;

        public int Run()
        {
            do
            {
                if (_at >= _bytes.Length)
                    Fail(_at, _depth == 0 ? "the input is empty" : "the input ends inside a list or dictionary");
                var first = _bytes[_at];
                if (_depth > 0 && first == End)
                    Close();
                else if (_depth > 0 && _frames![_depth - 1].WantsKey)
                    ReadKey(first);
                else
                    ReadValue(first);
            }
            while (_depth > 0);
            return _at;
        }

        private void ReadValue(byte first)
        {
            if (_depth > 0)
            {
                _frames![_depth - 1].WantsKey = _frames[_depth - 1].IsDictionary;
                _frames[_depth - 1].Items++;
            }
            _inValue = true;
            switch (first)
            {
                case List or Dictionary:
                    if (_depth == MaxDepth)
                        Fail(_at, $"lists and dictionaries are nested more than {MaxDepth} deep");
                    _frames ??= new Frame[MaxDepth];
                    _frames[_depth++] = new Frame
                    {
                        IsDictionary = first == Dictionary,
                        WantsKey = first == Dictionary,
                        FirstKey = _keyCount,
                    };
                    _at++;
                    break;
                case Integer:
                    ReadInteger();
                    break;
                case >= (byte)'0' and <= (byte)'9':
                    ReadString("string");
                    break;
                default:
                    Fail(_at, $"a value starts with i, l, d or a digit, not with {Show(first)}");
                    break;
            }
            _inValue = false;
        }

        private void ReadKey(byte first)
        {
            if (!char.IsAsciiDigit((char)first))
                Fail(_at, $"a dictionary's key is a string and starts with a digit, not with {Show(first)}");
            var start = _at;
            var content = ReadString("key");
            ref var frame = ref _frames![_depth - 1];
            var key = new KeySpan(start, content.Start.Value, content.End.Value - content.Start.Value);
            if (_keyCount > frame.FirstKey)
            {
                var last = _keys![_keyCount - 1];
                var order = _bytes.Slice(last.Content, last.Length).SequenceCompareTo(_bytes[content]);
                if (order == 0)
                    FailTwice(key);
                if (order > 0)
                {
                    if (requireSortedKeys)
                        Fail(start, $"the key {Show(_bytes[content])} is out of order");
                    frame.IsUnsorted = true;
                }
            }
            if (_keys is null)
                _keys = new KeySpan[16];
            else if (_keyCount == _keys.Length)
                Array.Resize(ref _keys, _keyCount * 2);
            _keys[_keyCount++] = key;
            frame.WantsKey = false;
        }

        private void Close()
        {
            var frame = _frames![_depth - 1];
            if (frame is { IsDictionary: true, WantsKey: false })
                Fail(_at, "a dictionary ends after a key, without its value");
            if (frame.IsUnsorted)
                FindTwice(_keys.AsSpan(frame.FirstKey, _keyCount - frame.FirstKey));
            _keyCount = frame.FirstKey;
            _depth--;
            _at++;
        }

        /// <summary>Looks for equal keys that do not stand side by side, by a table of hashes: sorting would not be linear.</summary>
        private readonly void FindTwice(ReadOnlySpan<KeySpan> keys)
        {
            var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)keys.Length * 2);
            var table = new int[size];
            for (var i = 0; i < keys.Length; i++)
            {
                var content = _bytes.Slice(keys[i].Content, keys[i].Length);
                var hash = default(HashCode);
                hash.AddBytes(content);
                var slot = hash.ToHashCode() & (size - 1);
                for (; table[slot] != 0; slot = (slot + 1) & (size - 1))
                {
                    var other = keys[table[slot] - 1];
                    if (_bytes.Slice(other.Content, other.Length).SequenceEqual(content))
                        FailTwice(keys[i]);
                }
                table[slot] = i + 1;
            }
        }

        private void ReadInteger()
        {
            var start = _at++;
            var negative = _at < _bytes.Length && _bytes[_at] == (byte)'-';
            if (negative)
                _at++;
            var digits = _at;
            var value = 0UL;
            var limit = negative ? (ulong)long.MaxValue + 1 : long.MaxValue;
            for (; _at < _bytes.Length && char.IsAsciiDigit((char)_bytes[_at]); _at++)
            {
                var digit = (ulong)(_bytes[_at] - '0');
                if (value > (limit - digit) / 10)
                    Fail(start, "an integer does not fit in 64 bits");
                value = (value * 10) + digit;
            }
            if (_at >= _bytes.Length)
                Fail(_at, "the input ends inside an integer");
            if (_bytes[_at] != End)
                Fail(_at, $"an integer ends with e and holds digits only, not {Show(_bytes[_at])}");
            var count = _at - digits;
            if (count == 0)
                Fail(start, "an integer has no digits");
            if (_bytes[digits] == (byte)'0' && (negative || count > 1))
                Fail(start, negative && count == 1 ? "an integer is minus zero" : "an integer has leading zeros");
            _at++;
        }

        private Range ReadString(string what)
        {
            var start = _at;
            var length = 0L;
            for (; _at < _bytes.Length && char.IsAsciiDigit((char)_bytes[_at]); _at++)
            {
                length = (length * 10) + (_bytes[_at] - '0');
                if (length > int.MaxValue)
                    Fail(start, $"a {what}'s length is over 2 GiB");
            }
            if (_at >= _bytes.Length)
                Fail(_at, $"the input ends inside a {what}'s length");
            if (_bytes[_at] != Colon)
                Fail(_at, $"a {what}'s length ends with a colon, not with {Show(_bytes[_at])}");
            if (_bytes[start] == (byte)'0' && _at - start > 1)
                Fail(start, $"a {what}'s length has leading zeros");
            _at++;
            if (length > _bytes.Length - _at)
                Fail(start, $"a {what} of {length} bytes, of which only {_bytes.Length - _at} are there");
            var content = _at..(_at + (int)length);
            _at = content.End.Value;
            return content;
        }

        [DoesNotReturn]
        private readonly void FailTwice(KeySpan key) =>
            Fail(key.Start, $"the key {Show(_bytes.Slice(key.Content, key.Length))} stands twice in a dictionary");

        [DoesNotReturn]
        private readonly void Fail(int offset, string message) => throw new BencodeScanException(offset, message, Where().ToString());

        /// <summary>The way to the value that is being read, its first steps only.</summary>
        private readonly BencodePath Where()
        {
            var path = BencodePath.Root;
            for (var i = 0; i < Math.Min(_depth, MostSteps); i++)
            {
                var frame = _frames![i];
                var inside = i + 1 < _depth || _inValue || frame is { IsDictionary: true, WantsKey: false };
                if (!inside)
                    break;
                if (!frame.IsDictionary)
                {
                    path = path.Item(frame.Items - 1);
                    continue;
                }
                var key = _keys![(i + 1 < _depth ? _frames[i + 1].FirstKey : _keyCount) - 1];
                path = path.Key(PrintableBytes.Of(_bytes.Slice(key.Content, key.Length), MostShown));
            }
            return path;
        }

        private static string Show(byte value) => Show([value]);

        private static string Show(ReadOnlySpan<byte> value) => $"'{PrintableBytes.Of(value, MostShown)}'";

        private struct Frame
        {
            public bool IsDictionary;
            public bool WantsKey;
            public bool IsUnsorted;
            public int FirstKey;
            public int Items;
        }

        private readonly record struct KeySpan(int Start, int Content, int Length);
    }
}
