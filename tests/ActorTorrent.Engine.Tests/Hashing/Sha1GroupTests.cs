using System.Security.Cryptography;
using System.Text;
using ActorTorrent.Engine.Hashing;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Hashing;

public sealed unsafe class Sha1GroupTests
{
    private delegate void Hasher(ReadOnlySpan<HashInput> messages, Span<byte> sums);

    /// <summary>The vectors published with FIPS 180, and the empty message.</summary>
    [Theory]
    [InlineData("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1")]
    [InlineData("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1,
        "a49b2446a02c645bf419f995b67091253a04a259")]
    [InlineData("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f")]
    public void Known_messages_have_their_known_hashes(string text, int times, string sha1)
    {
        var message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)));
        foreach (var count in new[] { 1, Sha1Group.Width, Sha1Group.Width + 1 })
            Assert.All(Hash([.. Enumerable.Repeat(message, count)]), sum => Assert.Equal(sha1, Convert.ToHexStringLower(sum)));
    }

    [Fact]
    public void Messages_of_any_number_and_length_have_the_hashes_of_each_alone()
    {
        var lengths = Gen.OneOf(Gen.Choose(0, 300), Gen.Choose(0, 20_000), Gen.Elements(0, 55, 56, 63, 64, 65, 119, 120, 128, 16384));
        var samples =
            from sizes in lengths.ListOf()
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (sizes, seed);
        Prop.ForAll(samples.ToArbitrary(), sample => MatchesEachAlone([.. sample.sizes], sample.seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Whole_pieces_and_a_short_last_one_have_the_hashes_of_each_alone()
    {
        for (var count = 1; count <= (2 * Sha1Group.Width) + 1; count++)
            MatchesEachAlone([.. Enumerable.Repeat(1 << 16, count - 1), 12_345], seed: count);
    }

    [Fact]
    public void A_batch_names_each_piece_with_its_hash()
    {
        var random = new Random(3);
        var pieces = Enumerable.Range(0, 29).Select(i => new byte[i == 28 ? 77 : 4096]).ToArray();
        var sums = new Dictionary<int, byte[]>();
        using (var batch = new PieceBatch(4096, (piece, sha1) => sums.Add(piece, sha1.ToArray())))
        {
            for (var piece = 0; piece < pieces.Length; piece++)
            {
                random.NextBytes(pieces[piece]);
                pieces[piece].CopyTo(batch.Next(pieces[piece].Length));
                // One that was read and not added is not hashed.
                if (piece != 5)
                    batch.Add(piece, pieces[piece].Length);
            }
            batch.HashAll();
        }
        Assert.Equal(Enumerable.Range(0, pieces.Length).Where(piece => piece != 5), sums.Keys.Order());
        Assert.All(sums, pair => Assert.Equal(SHA1.HashData(pieces[pair.Key]), pair.Value));
    }

    private static void MatchesEachAlone(int[] sizes, int seed)
    {
        var random = new Random(seed);
        var messages = sizes.Select(size => new byte[size]).ToArray();
        foreach (var message in messages)
            random.NextBytes(message);
        Assert.Equal(messages.Select(SHA1.HashData), Hash(messages));
    }

    /// <summary>Hashes messages both ways that there are here, and wants them to agree. Each message ends where memory of others begins.</summary>
    private static byte[][] Hash(byte[][] messages)
    {
        var all = messages.SelectMany(message => message.Append((byte)0xFF)).ToArray();
        var sums = Hash(messages, all, Sha1Group.HashData);
        if (Sha1Group.Width > 1)
            Assert.Equal(sums, Hash(messages, all, Sha1Group.HashInLanes));
        // However many they are, in lanes of each number that this processor can do.
        if (Sha1Compression.IsSupported)
            Assert.Equal(sums, Hash(messages, all, static (inputs, into) => Sha1Group.HashInLanes(inputs, into, Sha1Compression.Lanes)));
        if (Sha1WideCompression.IsSupported)
            Assert.Equal(sums, Hash(messages, all, static (inputs, into) => Sha1Group.HashInLanes(inputs, into, Sha1WideCompression.Lanes)));
        return sums;
    }

    private static byte[][] Hash(byte[][] messages, byte[] all, Hasher hasher)
    {
        var sums = new byte[messages.Length * Sha1Group.HashLength];
        var inputs = new HashInput[messages.Length];
        fixed (byte* start = all)
        {
            var at = start;
            for (var i = 0; i < messages.Length; i++)
            {
                inputs[i] = new HashInput(at, messages[i].Length);
                at += messages[i].Length + 1;
            }
            hasher(inputs, sums);
        }
        return [.. sums.Chunk(Sha1Group.HashLength)];
    }
}
