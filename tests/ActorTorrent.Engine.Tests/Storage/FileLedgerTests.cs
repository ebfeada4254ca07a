using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class FileLedgerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileLedger _ledger = new(1);

    private string Path => _folder["file"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Our_own_writes_are_ours_and_others_are_not()
    {
        Write([1, 2, 3]);
        Assert.True(_ledger.IsOurs(0, Path, now: true));
        File.AppendAllText(Path, "not ours");
        Assert.False(_ledger.IsOurs(0, Path, now: true));
        Assert.False(_ledger.IsOurs(0, Path, now: true));
        _ledger.Forget(0);
        Assert.True(_ledger.IsOurs(0, Path, now: true));
        Write([4]);
        Assert.True(_ledger.IsOurs(0, Path, now: true));
    }

    [Fact]
    public void A_file_put_in_its_place_is_not_ours()
    {
        Write([1, 2, 3]);
        File.WriteAllBytes(_folder["other"], [3, 2, 1]);
        File.SetLastWriteTimeUtc(_folder["other"], DateTime.UtcNow.AddSeconds(5));
        File.Move(_folder["other"], Path, overwrite: true);
        Assert.False(_ledger.IsOurs(0, Path, now: true));
    }

    [Fact]
    public void While_one_of_us_writes_nothing_is_said_and_the_last_one_to_end_counts()
    {
        Write([1]);
        using var handle = Open();
        _ledger.BeginWrite(0);
        _ledger.BeginWrite(0);
        RandomAccess.Write(handle, [9, 9], 0);
        _ledger.EndWrite(0, handle);
        RandomAccess.Write(handle, [9, 9], 2);
        Assert.True(_ledger.IsOurs(0, Path, now: true));
        _ledger.EndWrite(0, handle);
        Assert.True(_ledger.IsKnown(0));
        Assert.True(_ledger.IsOurs(0, Path, now: true));
    }

    [Fact]
    public void A_write_that_failed_leaves_the_file_unknown()
    {
        Write([1]);
        _ledger.BeginWrite(0);
        _ledger.EndWrite(0, null);
        Assert.False(_ledger.IsKnown(0));
        Assert.True(_ledger.IsOurs(0, Path, now: true));
        Assert.True(_ledger.IsKnown(0));
    }

    [Fact]
    public void What_resume_data_says_counts_as_ours_and_missing_says_nothing()
    {
        File.WriteAllText(Path, "here");
        _ledger.Know(0, FileStamp.Missing);
        Assert.False(_ledger.IsKnown(0));
        _ledger.Know(0, FileStamp.Of(Path));
        Assert.True(_ledger.IsOurs(0, Path, now: true));
        _ledger.Know(0, FileStamp.Of(Path) with { Length = 5 });
        Assert.False(_ledger.IsOurs(0, Path, now: true));
    }

    [Fact]
    public void Written_files_are_dirty_until_they_are_forced_to_the_disk()
    {
        Assert.False(_ledger.IsDirty(0, clear: false));
        Write([1]);
        Assert.True(_ledger.IsDirty(0, clear: true));
        Assert.False(_ledger.IsDirty(0, clear: false));
        _ledger.MarkDirty(0);
        Assert.True(_ledger.IsDirty(0, clear: false));
    }

    private Microsoft.Win32.SafeHandles.SafeFileHandle Open() => File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);

    private void Write(byte[] bytes)
    {
        using var handle = Open();
        _ledger.BeginWrite(0);
        RandomAccess.Write(handle, bytes, 0);
        _ledger.EndWrite(0, handle);
    }
}
