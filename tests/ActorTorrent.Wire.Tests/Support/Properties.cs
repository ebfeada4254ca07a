using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Support;

/// <summary>Runs properties. A failure's message holds the seed and the smallest case that still fails.</summary>
internal static class Properties
{
    public static void Hold<T>(Gen<T> cases, Action<T> check, int times = 200) =>
        Prop.ForAll(cases.ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    public static Gen<byte[]> Bytes(int least, int most) =>
        from length in Gen.Choose(least, most)
        from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length)
        select bytes;

    public static Gen<byte[]> Bytes(int length) => Bytes(length, length);
}
