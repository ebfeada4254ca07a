using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Tests.Resume;
using ActorTorrent.Wire.Metainfo;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class CheckRunTests
{
    [Fact]
    public void Exactly_the_suspects_are_looked_at_each_once()
    {
        var samples =
            from pieces in Gen.Choose(1, 300)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from pieceLength in Gen.Elements(1 << 14, 1 << 20, 4 << 20)
            select (pieces, seed, pieceLength);
        Prop.ForAll(samples.ToArbitrary(), sample =>
        {
            var random = new Random(sample.seed);
            var layout = new FileLayout([new TorrentFileEntry(0, ["f"], (long)sample.pieces * sample.pieceLength, 0)], sample.pieceLength);
            var suspect = SampleResume.Pieces(sample.pieces, Enumerable.Range(0, sample.pieces).Where(_ => random.Next(3) == 0));
            var trusted = SampleResume.Pieces(sample.pieces, Enumerable.Range(0, sample.pieces).Where(p => !suspect[new PieceIndex(p)]));
            var run = new CheckRun(layout, suspect, trusted);
            var seen = new List<int>();
            while (run.TryNext(out var first, out var count))
                seen.AddRange(Enumerable.Range(first, count));
            Assert.Equal(suspect.Select(p => p.Value), seen);
            Assert.Equal(trusted.SetCount, run.Checked);
            Assert.Equal(suspect.IsEmpty, run.IsOver);
            Assert.Equal(trusted.ToBytes(), run.Have.ToBytes());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }
}
