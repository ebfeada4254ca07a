using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace ActorTorrent.Engine.Hashing;

/// <summary>
/// SHA-1 (FIPS 180-4) of several messages at once. Side by side in the lanes of vectors they take far less time than one after the other,
/// which is what happens where the processor cannot do that, or there are too few of them.
/// </summary>
internal static unsafe class Sha1Group
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA1.HashSizeInBytes;

    private const int BlockLength = Sha1Compression.BlockLength;

    // 6.1.1: padding is a one bit, zeros, and the message's length in bits as eight bytes.
    private const int LengthBytes = 8;
    private const byte FirstOfPadding = 0x80;

    /// <summary>How many messages are hashed side by side at most; 1 where that is not done at all.</summary>
    public static int Width => Sha1WideCompression.IsSupported ? Sha1WideCompression.Lanes : Sha1Compression.IsSupported ? Sha1Compression.Lanes : 1;

    /// <summary>From how many messages on they are hashed side by side: fewer are faster one after the other (measured, <c>micro</c>).</summary>
    public static int Fewest => Width == 1 ? 1 : Avx512F.VL.IsSupported ? 4 : 5;

    // 5.3.1
    private static ReadOnlySpan<uint> InitialHash => [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];

    /// <summary>Hashes messages, the faster way.</summary>
    /// <param name="messages">Any number of any length.</param>
    /// <param name="sums">Takes the hashes, 20 bytes each, in the same order.</param>
    public static void HashData(ReadOnlySpan<HashInput> messages, Span<byte> sums)
    {
        if (Width > 1 && messages.Length >= Fewest)
        {
            HashInLanes(messages, sums);
            return;
        }
        for (var i = 0; i < messages.Length; i++)
            SHA1.HashData(messages[i].Span, SumOf(sums, i));
    }

    /// <summary>How many pieces are worth waiting for when so many bytes may be waited for; 1 where they are hashed one by one.</summary>
    public static int WidthFor(long bytes, int pieceLength)
    {
        var width = (int)Math.Min(Width, bytes / pieceLength);
        return width < Fewest ? 1 : width;
    }

    /// <summary>Hashes messages side by side, however few. Only where <see cref="Width"/> is more than 1.</summary>
    internal static void HashInLanes(ReadOnlySpan<HashInput> messages, Span<byte> sums) =>
        HashInLanes(messages, sums, messages.Length > Sha1Compression.Lanes ? Width : Sha1Compression.Lanes);

    /// <summary>As above, in so many lanes: those of one of the compression functions.</summary>
    internal static void HashInLanes(ReadOnlySpan<HashInput> messages, Span<byte> sums, int width)
    {
        var state = stackalloc uint[Sha1Compression.HashWords * width];
        var next = stackalloc byte*[width];
        var tails = stackalloc byte[2 * BlockLength * width];
        Span<Lane> lanes = stackalloc Lane[width];
        var taken = 0;
        for (var i = 0; i < width; i++)
        {
            lanes[i].Message = -1;
            if (taken < messages.Length)
                Begin(i, width, ref lanes[i], taken++, messages, state, next);
        }
        while (TryFindStep(lanes, out var blocks, out var busy))
        {
            if (blocks > 0)
            {
                // A lane without a message repeats another one's; nobody reads what it computes.
                for (var i = 0; i < width; i++)
                {
                    if (lanes[i].Message < 0)
                        next[i] = next[busy];
                }
                if (width == Sha1WideCompression.Lanes)
                    Sha1WideCompression.Run(state, next, blocks);
                else
                    Sha1Compression.Run(state, next, blocks);
            }
            for (var i = 0; i < width; i++)
            {
                ref var lane = ref lanes[i];
                if (lane.Message < 0)
                    continue;
                next[i] += blocks * BlockLength;
                lane.BlocksLeft -= blocks;
                if (lane.BlocksLeft > 0)
                    continue;
                if (!lane.IsInTail)
                {
                    next[i] = tails + (2 * BlockLength * i);
                    lane.IsInTail = true;
                    lane.BlocksLeft = WriteTail(messages[lane.Message], new Span<byte>(next[i], 2 * BlockLength));
                    continue;
                }
                TakeHash(i, width, state, SumOf(sums, lane.Message));
                lane.Message = -1;
                if (taken < messages.Length)
                    Begin(i, width, ref lane, taken++, messages, state, next);
            }
        }
    }

    private static void Begin(int index, int width, ref Lane lane, int message, ReadOnlySpan<HashInput> messages, uint* state, byte** next)
    {
        lane.Message = message;
        lane.IsInTail = false;
        lane.BlocksLeft = messages[message].Length / BlockLength;
        next[index] = messages[message].Start;
        for (var word = 0; word < Sha1Compression.HashWords; word++)
            state[(word * width) + index] = InitialHash[word];
    }

    /// <summary>How many blocks every lane that has a message can take; false when none has one.</summary>
    private static bool TryFindStep(ReadOnlySpan<Lane> lanes, out int blocks, out int busy)
    {
        blocks = int.MaxValue;
        busy = -1;
        for (var i = 0; i < lanes.Length; i++)
        {
            if (lanes[i].Message < 0)
                continue;
            busy = i;
            blocks = Math.Min(blocks, lanes[i].BlocksLeft);
        }
        return busy >= 0;
    }

    /// <summary>Writes what follows a message's last whole block; returns how many blocks that makes.</summary>
    private static int WriteTail(HashInput message, Span<byte> tail)
    {
        var rest = message.Span[^(message.Length % BlockLength)..];
        var blocks = rest.Length + 1 + LengthBytes <= BlockLength ? 1 : 2;
        tail = tail[..(blocks * BlockLength)];
        rest.CopyTo(tail);
        tail[rest.Length] = FirstOfPadding;
        tail[(rest.Length + 1)..^LengthBytes].Clear();
        BinaryPrimitives.WriteInt64BigEndian(tail[^LengthBytes..], 8L * message.Length);
        return blocks;
    }

    private static void TakeHash(int lane, int width, uint* state, Span<byte> sum)
    {
        for (var word = 0; word < Sha1Compression.HashWords; word++)
            BinaryPrimitives.WriteUInt32BigEndian(sum[(word * sizeof(uint))..], state[(word * width) + lane]);
    }

    private static Span<byte> SumOf(Span<byte> sums, int message) => sums.Slice(message * HashLength, HashLength);

    /// <summary>A lane: its message's number, -1 for none, and how far that is.</summary>
    private struct Lane
    {
        public int Message;
        public int BlocksLeft;
        public bool IsInTail;
    }
}
