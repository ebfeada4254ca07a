using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTorrent.Engine.Hashing;

/// <summary>
/// The compression function of SHA-1 (FIPS 180-4, 6.1.2) for eight messages side by side: each element of a 256-bit vector belongs to a
/// message of its own. Eight take as long as one.
/// </summary>
internal static unsafe class Sha1Compression
{
    /// <summary>Messages side by side.</summary>
    public const int Lanes = 8;

    /// <summary>Bytes of a block of a message.</summary>
    public const int BlockLength = 64;

    /// <summary>Words of a hash.</summary>
    public const int HashWords = 5;

    private const int WordsPerBlock = 16;
    private const int Rounds = 80;
    private const int VectorLength = 32;

    /// <summary>Whether this processor can do it.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Takes in the next blocks of each message.</summary>
    /// <param name="state">The hashes so far, word by word: the first of each lane, the second of each, and so on.</param>
    /// <param name="messages">Where each lane's next block begins. They stay as they are.</param>
    /// <param name="blocks">How many blocks of each.</param>
    public static void Run(uint* state, byte** messages, nint blocks)
    {
        var memory = stackalloc byte[(Rounds + 1) * VectorLength];
        // A vector that crosses a cache line costs two accesses.
        var w = (Vector256<uint>*)(((nint)memory + VectorLength - 1) & -VectorLength);
        var a = Vector256.Load(state);
        var b = Vector256.Load(state + Lanes);
        var c = Vector256.Load(state + (2 * Lanes));
        var d = Vector256.Load(state + (3 * Lanes));
        var e = Vector256.Load(state + (4 * Lanes));
        for (nint block = 0; block < blocks; block++)
        {
            LoadWords(messages, block * BlockLength, w);
            LoadWords(messages, (block * BlockLength) + VectorLength, w + 8);
            var (a0, b0, c0, d0, e0) = (a, b, c, d, e);
            var t = 0;
            for (; t < 15; t += 5)
                FiveRounds<Choice>(w + t, ref a, ref b, ref c, ref d, ref e);
            Expand(w + 16);
            Expand(w + 17);
            Expand(w + 18);
            Expand(w + 19);
            FiveRounds<Choice>(w + 15, ref a, ref b, ref c, ref d, ref e);
            for (t = 20; t < 40; t += 5)
            {
                ExpandFive(w + t);
                FiveRounds<Parity>(w + t, ref a, ref b, ref c, ref d, ref e);
            }
            for (; t < 60; t += 5)
            {
                ExpandFive(w + t);
                FiveRounds<Majority>(w + t, ref a, ref b, ref c, ref d, ref e);
            }
            for (; t < Rounds; t += 5)
            {
                ExpandFive(w + t);
                FiveRounds<LastParity>(w + t, ref a, ref b, ref c, ref d, ref e);
            }
            a += a0;
            b += b0;
            c += c0;
            d += d0;
            e += e0;
        }
        a.Store(state);
        b.Store(state + Lanes);
        c.Store(state + (2 * Lanes));
        d.Store(state + (3 * Lanes));
        e.Store(state + (4 * Lanes));
    }

    /// <summary>
    /// Five rounds. In each, every variable takes the value of the one before it; instead of moving them all, their names move, and after
    /// five rounds each is at its place again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FiveRounds<TFunction>(
        Vector256<uint>* w, ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d, ref Vector256<uint> e)
        where TFunction : IRoundFunction
    {
        var k = Vector256.Create(TFunction.K);
        // What does not need the newest value comes first: the rounds wait for one another, and this is all that they do meanwhile.
        e = e + k + w[0] + TFunction.Of(b, c, d) + Rotate(a, 5);
        b = Rotate(b, 30);
        d = d + k + w[1] + TFunction.Of(a, b, c) + Rotate(e, 5);
        a = Rotate(a, 30);
        c = c + k + w[2] + TFunction.Of(e, a, b) + Rotate(d, 5);
        e = Rotate(e, 30);
        b = b + k + w[3] + TFunction.Of(d, e, a) + Rotate(c, 5);
        d = Rotate(d, 30);
        a = a + k + w[4] + TFunction.Of(c, d, e) + Rotate(b, 5);
        c = Rotate(c, 30);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ExpandFive(Vector256<uint>* w)
    {
        Expand(w);
        Expand(w + 1);
        Expand(w + 2);
        Expand(w + 3);
        Expand(w + 4);
    }

    /// <summary>A word of the message schedule, from the sixteen before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Expand(Vector256<uint>* w) => *w = Rotate(w[-3] ^ w[-8] ^ w[-14] ^ w[-16], 1);

    /// <summary>
    /// Loads half a block of each message, big-endian, and turns rows into columns: afterwards a vector holds the same word of each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadWords(byte** messages, nint offset, Vector256<uint>* w)
    {
        var r0 = LoadRow(messages[0] + offset);
        var r1 = LoadRow(messages[1] + offset);
        var r2 = LoadRow(messages[2] + offset);
        var r3 = LoadRow(messages[3] + offset);
        var r4 = LoadRow(messages[4] + offset);
        var r5 = LoadRow(messages[5] + offset);
        var r6 = LoadRow(messages[6] + offset);
        var r7 = LoadRow(messages[7] + offset);
        // Four lanes at a time: half a vector then holds one word of these four,
        var (low0, low1, low2, low3) = Turn(r0, r1, r2, r3);
        var (high0, high1, high2, high3) = Turn(r4, r5, r6, r7);
        // and the halves that belong to the same word come together.
        w[0] = Avx2.Permute2x128(low0, high0, 0x20);
        w[1] = Avx2.Permute2x128(low1, high1, 0x20);
        w[2] = Avx2.Permute2x128(low2, high2, 0x20);
        w[3] = Avx2.Permute2x128(low3, high3, 0x20);
        w[4] = Avx2.Permute2x128(low0, high0, 0x31);
        w[5] = Avx2.Permute2x128(low1, high1, 0x31);
        w[6] = Avx2.Permute2x128(low2, high2, 0x31);
        w[7] = Avx2.Permute2x128(low3, high3, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> LoadRow(byte* bytes)
    {
        var bigEndian = Vector256.Create(
            (byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
        return Avx2.Shuffle(Vector256.Load(bytes), bigEndian).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> W0, Vector256<uint> W1, Vector256<uint> W2, Vector256<uint> W3) Turn(
        Vector256<uint> r0, Vector256<uint> r1, Vector256<uint> r2, Vector256<uint> r3)
    {
        var low01 = Avx2.UnpackLow(r0, r1).AsUInt64();
        var high01 = Avx2.UnpackHigh(r0, r1).AsUInt64();
        var low23 = Avx2.UnpackLow(r2, r3).AsUInt64();
        var high23 = Avx2.UnpackHigh(r2, r3).AsUInt64();
        return (
            Avx2.UnpackLow(low01, low23).AsUInt32(),
            Avx2.UnpackHigh(low01, low23).AsUInt32(),
            Avx2.UnpackLow(high01, high23).AsUInt32(),
            Avx2.UnpackHigh(high01, high23).AsUInt32());
    }

    /// <summary>What twenty rounds do alike: a function and a constant (FIPS 180-4, 4.1.1 and 4.2.1).</summary>
    private interface IRoundFunction
    {
        static abstract uint K { get; }

        static abstract Vector256<uint> Of(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d);
    }

    private readonly struct Choice : IRoundFunction
    {
        public static uint K => 0x5A827999;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Of(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => ((c ^ d) & b) ^ d;
    }

    private readonly struct Parity : IRoundFunction
    {
        public static uint K => 0x6ED9EBA1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Of(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => b ^ c ^ d;
    }

    private readonly struct Majority : IRoundFunction
    {
        public static uint K => 0x8F1BBCDC;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Of(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => (b & c) | ((b | c) & d);
    }

    private readonly struct LastParity : IRoundFunction
    {
        public static uint K => 0xCA62C1D6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<uint> Of(Vector256<uint> b, Vector256<uint> c, Vector256<uint> d) => b ^ c ^ d;
    }
}
