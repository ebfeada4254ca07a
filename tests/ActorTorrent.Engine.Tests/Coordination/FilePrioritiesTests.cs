using ActorTorrent.Engine.Coordination;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Engine.Tests.Coordination;

public sealed class FilePrioritiesTests
{
    private readonly GeneratedContent _content = new("content", 1, 16 << 10, [new("a", 10), new("b", 40_000), new("c", 5), new("d", 1)]);

    [Fact]
    public void What_is_saved_can_be_loaded()
    {
        var saved = new FilePriorities(_content.Layout);
        Assert.True(saved.Save().IsEmpty);
        saved[0] = FilePriority.Skip;
        saved[1] = FilePriority.Low;
        saved[3] = FilePriority.High;
        Assert.Equal([0, 1, 4, 7], saved.Save().ToArray());

        var loaded = new FilePriorities(_content.Layout);
        Assert.True(loaded.Load(saved.Save().Span));
        for (var file = 0; file < 4; file++)
            Assert.Equal(saved[file], loaded[file]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void What_is_of_another_torrent_is_left(int length)
    {
        var priorities = new FilePriorities(_content.Layout);
        Assert.False(priorities.Load(new byte[length]));
        Assert.Equal(4, priorities.Wanted().Count);
    }
}
