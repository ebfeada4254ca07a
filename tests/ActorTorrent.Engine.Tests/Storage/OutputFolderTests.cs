using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_can_be_made_is_fine_and_not_made()
    {
        Assert.Null(OutputFolder.Probe(_folder["a", "b", "c"]));
        Assert.Null(OutputFolder.Probe(_folder.Path));
        Assert.Empty(_folder.Everything());
    }

    [Fact]
    public void A_file_in_its_place_or_above_it_is_a_fatal_fault()
    {
        File.WriteAllText(_folder["file"], "x");
        Assert.True(OutputFolder.Probe(_folder["file"])!.IsFatal);
        Assert.True(OutputFolder.Probe(_folder["file", "below"])!.IsFatal);
        Assert.Equal(["file"], _folder.Everything());
    }

    [Fact]
    public void A_name_that_the_file_system_refuses_leaves_no_folder_behind()
    {
        var fault = OutputFolder.Probe(_folder["made", new string('n', 300)]);
        Assert.True(fault!.IsFatal);
        Assert.Empty(_folder.Everything());
    }

    [Fact]
    public void A_place_where_nobody_may_write_is_a_fault()
    {
        if (!Directory.Exists("/proc/self"))
            return;
        Assert.NotNull(OutputFolder.Probe("/proc/actortorrent"));
    }

    [Fact]
    public void Free_space_is_known_for_a_folder_not_made_yet() => Assert.True(OutputFolder.FreeBytes(_folder["not", "yet"]) > 0);
}
