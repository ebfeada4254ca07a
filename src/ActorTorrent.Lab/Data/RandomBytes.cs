using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorTorrent.Lab.Data;

/// <summary>
/// An endless row of bytes that a seed decides, of which any range can be had at once: the word at place i is a mix (SplitMix64's) of
/// the seed and i, so nothing before it has to be made. Not for secrets.
/// </summary>
internal readonly struct RandomBytes(ulong seed)
{
    private const int WordLength = sizeof(ulong);

    private readonly ulong _start = Mix(seed);

    /// <summary>Fills a span with the bytes from an offset on.</summary>
    public void Fill(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var word = (ulong)offset / WordLength;
        var skip = (int)(offset % WordLength);
        if (skip != 0)
        {
            Span<byte> bytes = stackalloc byte[WordLength];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, WordAt(word++));
            var take = Math.Min(WordLength - skip, destination.Length);
            bytes.Slice(skip, take).CopyTo(destination);
            destination = destination[take..];
        }
        var words = MemoryMarshal.Cast<byte, ulong>(destination);
        for (var i = 0; i < words.Length; i++)
        {
            var value = WordAt(word + (ulong)i);
            words[i] = BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
        }
        var tail = destination[(words.Length * WordLength)..];
        if (tail.IsEmpty)
            return;
        Span<byte> last = stackalloc byte[WordLength];
        BinaryPrimitives.WriteUInt64LittleEndian(last, WordAt(word + (ulong)words.Length));
        last[..tail.Length].CopyTo(tail);
    }

    private ulong WordAt(ulong index) => Mix(_start + (index * 0x9E37_79B9_7F4A_7C15));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
