using System.Numerics;
using ActorTorrent.Engine.Creation;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Creation;

public sealed class PieceLengthsTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(1, 32 << 10)]
    [InlineData(64 * MiB, 32 << 10)]
    [InlineData((64 * MiB) + 1, 64 << 10)]
    [InlineData(1024 * MiB, 512 << 10)]
    [InlineData(32 * 1024 * MiB, 16 << 20)]
    [InlineData(long.MaxValue, 16 << 20)]
    public void Ours(long bytes, int length) => Assert.Equal(length, PieceLengths.Choose(bytes, CreationStyle.Standard));

    [Theory]
    [InlineData(1, 32)]
    [InlineData((50 * MiB) - 1, 32)]
    [InlineData(50 * MiB, 64)]
    [InlineData((150 * MiB) - 1, 64)]
    [InlineData(150 * MiB, 128)]
    [InlineData((350 * MiB) - 1, 128)]
    [InlineData(350 * MiB, 256)]
    [InlineData((512 * MiB) - 1, 256)]
    [InlineData(512 * MiB, 512)]
    [InlineData((1024 * MiB) - 1, 512)]
    [InlineData(1024 * MiB, 1024)]
    [InlineData((2048 * MiB) - 1, 1024)]
    [InlineData(2048 * MiB, 2048)]
    [InlineData(long.MaxValue, 2048)]
    public void Transmissions(long bytes, int kibibytes) => Assert.Equal(kibibytes << 10, PieceLengths.Choose(bytes, CreationStyle.Transmission));

    [Fact]
    public void Whatever_is_chosen_is_allowed_and_grows_with_the_content() =>
        Prop.ForAll(Gen.Choose(0, 60).SelectMany(static bits => Gen.Choose(0, int.MaxValue).Select(low => (1L << bits) + low)).ToArbitrary(), bytes =>
        {
            foreach (var style in Enum.GetValues<CreationStyle>())
            {
                var length = PieceLengths.Choose(bytes, style);
                Assert.True(PieceLengths.IsAllowed(length) && BitOperations.IsPow2(length));
                Assert.True(PieceLengths.Choose(bytes * 2, style) >= length);
            }
            Assert.True(bytes <= 2048L * PieceLengths.Choose(bytes, CreationStyle.Standard) || bytes > 32 * 1024 * MiB);
        }).Check(Config.QuickThrowOnFailure);

    [Theory]
    [InlineData(16 << 10, true)]
    [InlineData(256 << 20, true)]
    [InlineData(8 << 10, false)]
    [InlineData(512 << 20, false)]
    [InlineData(48 << 10, false)]
    [InlineData(0, false)]
    [InlineData(-65536, false)]
    public void What_pieces_may_be(int bytes, bool allowed) => Assert.Equal(allowed, PieceLengths.IsAllowed(bytes));
}
