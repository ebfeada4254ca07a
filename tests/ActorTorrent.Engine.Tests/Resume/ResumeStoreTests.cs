using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Resume;

public sealed class ResumeStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private ResumeStore Store => new(_folder["state", "of", "it"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_file_a_torrent_named_by_info_hash_in_a_folder_that_is_made()
    {
        Assert.Null(Store.Load(SampleResume.InfoHash));
        Assert.Empty(Store.List());
        Store.Save(SampleResume.One);
        Assert.Equal(["state", "state/of", "state/of/it", $"state/of/it/{SampleResume.InfoHash}.resume"], _folder.Everything());
        Assert.Equal(SampleResume.Describe(SampleResume.One), SampleResume.Describe(Store.Load(SampleResume.InfoHash)!));
        Assert.Equal([SampleResume.InfoHash], Store.List());
        Store.Delete(SampleResume.InfoHash);
        Store.Delete(SampleResume.InfoHash);
        Assert.Null(Store.Load(SampleResume.InfoHash));
    }

    [Fact]
    public void What_a_broken_off_save_left_is_no_resume_data_and_written_over()
    {
        Store.Save(SampleResume.One);
        File.WriteAllText(Store.PathOf(SampleResume.InfoHash) + ".new", "half of");
        Assert.Equal([SampleResume.InfoHash], Store.List());
        Assert.NotNull(Store.Load(SampleResume.InfoHash));
        Store.Save(SampleResume.One with { Boot = "later" });
        Assert.Equal("later", Store.Load(SampleResume.InfoHash)!.Boot);
        Assert.False(File.Exists(Store.PathOf(SampleResume.InfoHash) + ".new"));
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_data()
    {
        Store.Save(SampleResume.One);
        Directory.CreateDirectory(Store.PathOf(SampleResume.InfoHash) + ".new");
        Assert.ThrowsAny<Exception>(() => Store.Save(SampleResume.One with { Boot = "later" }));
        Assert.Equal("a boot", Store.Load(SampleResume.InfoHash)!.Boot);
    }

    [Fact]
    public void A_file_of_another_torrent_or_none_at_all_is_refused()
    {
        Store.Save(SampleResume.One);
        var other = new InfoHash(new byte[20]);
        File.Move(Store.PathOf(SampleResume.InfoHash), Store.PathOf(other));
        Assert.Throws<ResumeFormatException>(() => Store.Load(other));
        File.WriteAllText(Store.PathOf(other), "nonsense");
        Assert.Throws<ResumeFormatException>(() => Store.Load(other));
    }
}
