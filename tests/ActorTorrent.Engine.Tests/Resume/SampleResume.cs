using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Resume;

/// <summary>Resume data for tests: one that is fixed, and any.</summary>
internal static class SampleResume
{
    public static readonly InfoHash InfoHash = new([.. Enumerable.Range(1, 20).Select(i => (byte)i)]);

    public static ResumeData One { get; } = new()
    {
        InfoHash = InfoHash,
        Have = Pieces(10, 0, 3, 9),
        Files = [new FileStamp(100, 638_000_000_000_000_000), FileStamp.Missing],
        Parts = new FileStamp(7, 5),
        Origin = "/data/named",
        Folder = "/data/moved/ü",
        MovingTo = "/data/next",
        CopyingTo = "/far/next",
        CopiedFrom = "/far/before",
        Unfinished = [new UnfinishedPiece(new PieceIndex(4), Pieces(9, 0, 8)), new UnfinishedPiece(new PieceIndex(7), Pieces(2, 1))],
        SavedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        Boot = "a boot",
        IsSynced = true,
        State = new ResumeState
        {
            Downloaded = 11,
            Uploaded = 22,
            AddedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_600_000_000_000),
            CompletedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_650_000_000_000),
            Priorities = new byte[] { 0, 4 },
            IsPaused = true,
        },
    };

    public static Arbitrary<ResumeData> Any { get; } = (
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from pieces in Gen.Choose(0, 200)
        from files in Gen.Choose(0, 12)
        select Make(new Random(seed), pieces, files)).ToArbitrary();

    public static Bitfield Pieces(int count, params IEnumerable<int> set)
    {
        var have = new Bitfield(count);
        foreach (var piece in set)
            have.Set(new PieceIndex(piece));
        return have;
    }

    /// <summary>Everything in it as text, because bitfields and lists do not compare by content.</summary>
    public static string Describe(ResumeData data) => string.Join('|',
        data.InfoHash, Convert.ToHexString(data.Have.ToBytes()), data.Have.Count, string.Join(',', data.Files), data.Parts, data.Origin, data.Folder, data.MovingTo, data.CopyingTo, data.CopiedFrom,
        string.Join(',', data.Unfinished.Select(piece => $"{piece.Piece} {piece.Blocks} {Convert.ToHexString(piece.Blocks.ToBytes())}")),
        data.SavedAt, data.Boot, data.IsSynced, Convert.ToHexString(data.State.Priorities.Span),
        data.State with { Priorities = default });

    private static ResumeData Make(Random random, int pieces, int files) => new()
    {
        InfoHash = new InfoHash(Bytes(random, 20)),
        Have = Pieces(pieces, Enumerable.Range(0, pieces).Where(_ => random.Next(2) == 0)),
        Files = [.. Enumerable.Range(0, files).Select(_ => Stamp(random))],
        Parts = Stamp(random),
        Origin = Text(random),
        Folder = Text(random),
        MovingTo = random.Next(2) == 0 ? null : Text(random),
        CopyingTo = random.Next(2) == 0 ? null : Text(random),
        CopiedFrom = random.Next(2) == 0 ? null : Text(random),
        Unfinished = [.. Enumerable.Range(0, random.Next(3)).Select(piece => new UnfinishedPiece(
            new PieceIndex(piece), Pieces(100, Enumerable.Range(0, 100).Where(_ => random.Next(2) == 0))))],
        SavedAt = Time(random),
        Boot = Text(random),
        IsSynced = random.Next(2) == 0,
        State = new ResumeState
        {
            Downloaded = random.NextInt64(),
            Uploaded = random.NextInt64(),
            AddedAt = Time(random),
            CompletedAt = random.Next(2) == 0 ? null : Time(random),
            Priorities = Bytes(random, random.Next(9)),
            IsPaused = random.Next(2) == 0,
        },
    };

    private static FileStamp Stamp(Random random) => random.Next(3) == 0 ? FileStamp.Missing : new FileStamp(random.NextInt64(), random.NextInt64());

    private static DateTimeOffset Time(Random random) => DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(4_000_000_000_000));

    private static string Text(Random random) => new(random.GetItems("/aü:e\u65e5 0".AsSpan(), random.Next(20)));

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
