using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTorrent.Engine.Hashing;

/// <summary>
/// The same as <see cref="Sha1Compression"/> for sixteen messages side by side, in vectors of 512 bits. Sixteen take little longer than eight
/// there: a rotation is one instruction, and so is each of the functions of three words.
/// </summary>
internal static unsafe class Sha1WideCompression
{
    /// <summary>Messages side by side.</summary>
    public const int Lanes = 16;

    private const int BlockLength = Sha1Compression.BlockLength;
    private const int Rounds = 80;
    private const int VectorLength = 64;

    /// <summary>Whether this processor can do it.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <inheritdoc cref="Sha1Compression.Run"/>
    public static void Run(uint* state, byte** messages, nint blocks)
    {
        var memory = stackalloc byte[(Rounds + 1) * VectorLength];
        // A vector that crosses a cache line costs two accesses.
        var w = (Vector512<uint>*)(((nint)memory + VectorLength - 1) & -VectorLength);
        var a = Vector512.Load(state);
        var b = Vector512.Load(state + Lanes);
        var c = Vector512.Load(state + (2 * Lanes));
        var d = Vector512.Load(state + (3 * Lanes));
        var e = Vector512.Load(state + (4 * Lanes));
        for (nint block = 0; block < blocks; block++)
        {
            LoadWords(messages, block * BlockLength, w);
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

    /// <summary>Five rounds, after which each variable's name is at its place again; see <see cref="Sha1Compression"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FiveRounds<TFunction>(
        Vector512<uint>* w, ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d, ref Vector512<uint> e)
        where TFunction : IRoundFunction
    {
        var k = Vector512.Create(TFunction.K);
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
    private static Vector512<uint> Rotate(Vector512<uint> x, [ConstantExpected] byte count) => Avx512F.RotateLeft(x, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ExpandFive(Vector512<uint>* w)
    {
        Expand(w);
        Expand(w + 1);
        Expand(w + 2);
        Expand(w + 3);
        Expand(w + 4);
    }

    /// <summary>A word of the message schedule, from the sixteen before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Expand(Vector512<uint>* w) => *w = Rotate(Parity.Of(w[-3] ^ w[-8], w[-14], w[-16]), 1);

    /// <summary>Loads a block of each message, big-endian, and turns rows into columns: afterwards a vector holds the same word of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadWords(byte** messages, nint offset, Vector512<uint>* w)
    {
        // Four lanes at a time: a quarter of a vector then holds one word of these four. The quarters are words 0, 4, 8 and 12, and so on.
        var (a0, a1, a2, a3) = Turn(messages, offset);
        var (b0, b1, b2, b3) = Turn(messages + 4, offset);
        var (c0, c1, c2, c3) = Turn(messages + 8, offset);
        var (d0, d1, d2, d3) = Turn(messages + 12, offset);
        Gather(a0, b0, c0, d0, w);
        Gather(a1, b1, c1, d1, w + 1);
        Gather(a2, b2, c2, d2, w + 2);
        Gather(a3, b3, c3, d3, w + 3);
    }

    /// <summary>Brings the quarters that belong to the same word together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, Vector512<uint>* w)
    {
        const byte Even = 0x88;
        const byte Odd = 0xDD;
        var evenAb = Avx512F.Shuffle4x128(a, b, Even);
        var evenCd = Avx512F.Shuffle4x128(c, d, Even);
        var oddAb = Avx512F.Shuffle4x128(a, b, Odd);
        var oddCd = Avx512F.Shuffle4x128(c, d, Odd);
        w[0] = Avx512F.Shuffle4x128(evenAb, evenCd, Even);
        w[4] = Avx512F.Shuffle4x128(oddAb, oddCd, Even);
        w[8] = Avx512F.Shuffle4x128(evenAb, evenCd, Odd);
        w[12] = Avx512F.Shuffle4x128(oddAb, oddCd, Odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<uint> W0, Vector512<uint> W1, Vector512<uint> W2, Vector512<uint> W3) Turn(byte** messages, nint offset)
    {
        var r0 = LoadRow(messages[0] + offset);
        var r1 = LoadRow(messages[1] + offset);
        var r2 = LoadRow(messages[2] + offset);
        var r3 = LoadRow(messages[3] + offset);
        var low01 = Avx512F.UnpackLow(r0, r1).AsUInt64();
        var high01 = Avx512F.UnpackHigh(r0, r1).AsUInt64();
        var low23 = Avx512F.UnpackLow(r2, r3).AsUInt64();
        var high23 = Avx512F.UnpackHigh(r2, r3).AsUInt64();
        return (
            Avx512F.UnpackLow(low01, low23).AsUInt32(),
            Avx512F.UnpackHigh(low01, low23).AsUInt32(),
            Avx512F.UnpackLow(high01, high23).AsUInt32(),
            Avx512F.UnpackHigh(high01, high23).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> LoadRow(byte* bytes)
    {
        const ulong First = 0x04050607_00010203;
        const ulong Second = 0x0C0D0E0F_08090A0B;
        var bigEndian = Vector512.Create(First, Second, First, Second, First, Second, First, Second).AsByte();
        return Avx512BW.Shuffle(Vector512.Load(bytes), bigEndian).AsUInt32();
    }

    /// <summary>What twenty rounds do alike: a function and a constant (FIPS 180-4, 4.1.1 and 4.2.1). The function is a table of its eight results.</summary>
    private interface IRoundFunction
    {
        static abstract uint K { get; }

        static abstract Vector512<uint> Of(Vector512<uint> b, Vector512<uint> c, Vector512<uint> d);
    }

    private readonly struct Choice : IRoundFunction
    {
        public static uint K => 0x5A827999;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Of(Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) => Avx512F.TernaryLogic(b, c, d, 0xCA);
    }

    private readonly struct Parity : IRoundFunction
    {
        public static uint K => 0x6ED9EBA1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Of(Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) => Avx512F.TernaryLogic(b, c, d, 0x96);
    }

    private readonly struct Majority : IRoundFunction
    {
        public static uint K => 0x8F1BBCDC;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Of(Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) => Avx512F.TernaryLogic(b, c, d, 0xE8);
    }

    private readonly struct LastParity : IRoundFunction
    {
        public static uint K => 0xCA62C1D6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<uint> Of(Vector512<uint> b, Vector512<uint> c, Vector512<uint> d) => Parity.Of(b, c, d);
    }
}
