using ActorTorrent.Engine.Storage;

namespace ActorTorrent.Engine.Tests.Storage;

public sealed class LinksTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Links_are_followed_through_links_and_parents_of_what_they_point_to()
    {
        Directory.CreateDirectory(_folder["a", "b"]);
        Directory.CreateSymbolicLink(_folder["one"], _folder["a", "b"]);
        Directory.CreateSymbolicLink(_folder["two"], Path.Join("one", "..", "c"));
        Assert.Equal(Path.Join(Links.Resolve(_folder.Path), "a", "c", "x"), Links.Resolve(_folder["two", "x"]));
    }

    [Fact]
    public void A_circle_of_links_ends()
    {
        File.CreateSymbolicLink(_folder["x"], "y");
        File.CreateSymbolicLink(_folder["y"], "x");
        Assert.Throws<IOException>(() => Links.Resolve(_folder["x"]));
    }

    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/", true)]
    [InlineData("/b", "/a", false)]
    public void Within_is_told_by_whole_names(string path, string folder, bool expected)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(expected, Links.IsWithin(path, folder));
    }
}
