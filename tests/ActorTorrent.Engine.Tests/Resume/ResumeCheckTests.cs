using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Resume;

public sealed class ResumeCheckTests
{
    private const string Folder = "/data";
    private static readonly DateTimeOffset SavedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly FileStamp Old = new(100, SavedAt.AddHours(-1).UtcTicks);
    private static readonly FileStamp Fresh = new(100, SavedAt.AddSeconds(-100).UtcTicks);

    // Pieces of 10 bytes: a is 0 to 2, b is 2 to 4 (sharing piece 2), c is 5, then an empty file and padding.
    private readonly FileLayout _layout = TestTorrent.Multi(10, ("a", 25), ("b", 25), ("c", 10), ("empty", 0), (".pad/1", 10)).Layout;

    [Fact]
    public void Files_that_are_as_they_were_are_trusted_without_a_look()
    {
        var verdict = Judge(Data([0, 2, 5], Old, Old, Old), [Old, Old, Old])!;
        Assert.Equal([0, 2, 5], verdict.Trusted.Select(p => p.Value));
        Assert.True(verdict.Suspect.IsEmpty);
    }

    [Fact]
    public void Every_piece_of_a_changed_file_is_looked_at_claimed_or_not()
    {
        foreach (var changed in (FileStamp[])[Old with { Length = 99 }, Old with { ModifiedTicks = 1 }, FileStamp.Missing])
        {
            var verdict = Judge(Data([0, 2, 5], Old, Old, Old), [Old, changed, Old])!;
            Assert.Equal([0, 5], verdict.Trusted.Select(p => p.Value));
            Assert.Equal([2, 3, 4], verdict.Suspect.Select(p => p.Value));
        }
    }

    [Fact]
    public void A_file_that_came_is_looked_at()
    {
        var verdict = Judge(Data([0, 1], Old, FileStamp.Missing, FileStamp.Missing), [Old, Old, FileStamp.Missing], wanted: [0])!;
        Assert.Equal([0, 1], verdict.Trusted.Select(p => p.Value));
        Assert.Equal([2, 3, 4], verdict.Suspect.Select(p => p.Value));
    }

    [Fact]
    public void Edges_kept_aside_are_trusted_as_far_as_the_side_file_is_as_it_was_and_their_file_not_wanted()
    {
        var data = Data([0, 1, 2], Old, FileStamp.Missing, FileStamp.Missing) with { Parts = Old };
        FileStamp[] files = [Old, FileStamp.Missing, FileStamp.Missing];
        Assert.Equal([0, 1, 2], Judge(data, files, parts: Old, wanted: [0])!.Trusted.Select(p => p.Value));
        foreach (var verdict in (ResumeVerdict[])[Judge(data, files, parts: Fresh, wanted: [0])!, Judge(data, files, parts: Old)!])
        {
            Assert.Equal([0, 1], verdict.Trusted.Select(p => p.Value));
            Assert.Equal([2], verdict.Suspect.Select(p => p.Value));
        }
    }

    [Fact]
    public void What_was_written_just_before_a_save_is_looked_at_after_a_restart_of_the_system_unless_it_was_synced()
    {
        var data = Data([0, 5], Fresh, Old, Old);
        FileStamp[] files = [Fresh, Old, Old];
        Assert.Equal([5], Judge(data, files, boot: "another")!.Trusted.Select(p => p.Value));
        Assert.Equal([0, 1, 2], Judge(data, files, boot: "another")!.Suspect.Select(p => p.Value));
        Assert.True(Judge(data, files)!.Suspect.IsEmpty);
        Assert.True(Judge(data with { IsSynced = true }, files, boot: "another")!.Suspect.IsEmpty);
        Assert.True(Judge(data with { SavedAt = SavedAt.AddSeconds(20) }, files, boot: "another")!.Suspect.IsEmpty);
    }

    [Fact]
    public void Data_that_does_not_fit_the_torrent_or_the_folder_says_nothing()
    {
        var data = Data([0], Old, Old, Old);
        Assert.Null(Judge(data with { Have = SampleResume.Pieces(6) }, [Old, Old, Old]));
        Assert.Null(Judge(data with { Files = [Old] }, [Old, Old, Old]));
        Assert.Null(Judge(data with { Folder = "/elsewhere" }, [Old, Old, Old]));
        Assert.NotNull(Judge(data with { Folder = "/data/" }, [Old, Old, Old]));
    }

    private static ResumeData Data(int[] have, FileStamp a, FileStamp b, FileStamp c) => SampleResume.One with
    {
        Have = SampleResume.Pieces(7, have),
        Files = [a, b, c, FileStamp.Missing, FileStamp.Missing],
        Parts = FileStamp.Missing,
        Folder = Folder,
        MovingTo = null,
        SavedAt = SavedAt,
        Boot = "this",
        IsSynced = false,
    };

    private ResumeVerdict? Judge(ResumeData data, FileStamp[] files, FileStamp? parts = null, string boot = "this", int[]? wanted = null) =>
        ResumeCheck.Judge(
            data, _layout, Folder, boot, [.. files, FileStamp.Missing, FileStamp.Missing], parts ?? FileStamp.Missing, file => wanted is null || wanted.Contains(file));
}
