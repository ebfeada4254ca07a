using ActorTorrent.Engine.Creation;
using ActorTorrent.Engine.Tests.Storage;

namespace ActorTorrent.Engine.Tests.Creation;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_there_whole_and_alone()
    {
        Assert.Null(AtomicFile.Write(_folder["a"], [1, 2, 3], replace: false));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["a"]));
        Assert.Equal(["a"], _folder.Everything());
    }

    [Fact]
    public void What_is_there_stays_unless_it_is_to_be_replaced()
    {
        File.WriteAllBytes(_folder["a"], [9]);

        var fault = AtomicFile.Write(_folder["a"], [1], replace: false);

        Assert.Equal(_folder["a"], fault!.Path);
        Assert.Equal([9], File.ReadAllBytes(_folder["a"]));
        Assert.Equal(["a"], _folder.Everything());
        Assert.Null(AtomicFile.Write(_folder["a"], [1], replace: true));
        Assert.Equal([1], File.ReadAllBytes(_folder["a"]));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_fault() =>
        Assert.Equal("It does not exist.", AtomicFile.Write(_folder["none", "a"], [1], replace: true)!.Reason);

    [Fact]
    public void A_folder_in_its_place_is_a_fault_that_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_folder["a"]);

        Assert.NotNull(AtomicFile.Write(_folder["a"], [1], replace: true));
        Assert.Equal(["a"], _folder.Everything());
    }
}
