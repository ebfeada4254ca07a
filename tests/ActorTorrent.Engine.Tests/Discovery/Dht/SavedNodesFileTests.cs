using System.Net;
using System.Text;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Tests.Storage;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Tests.Discovery.Dht;

public sealed class SavedNodesFileTests
{
    private static readonly SavedNodes Sample = new()
    {
        Id = new NodeId("abcdefghij0123456789"u8),
        Nodes = [new(new NodeId("01234567890123456789"u8), IPEndPoint.Parse("20.1.2.3:4"))],
        Nodes6 = [new(new NodeId("98765432109876543210"u8), IPEndPoint.Parse("[2001:db8::1]:6881"))],
    };

    [Fact]
    public void Round_trips_and_is_replaced_as_a_whole()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "state", SavedNodesFile.Name);
        Assert.Null(SavedNodesFile.Load(path));
        SavedNodesFile.Save(path, new SavedNodes());
        SavedNodesFile.Save(path, Sample);
        var read = SavedNodesFile.Load(path)!;
        Assert.Equal((Sample.Id, null), (read.Id, read.Id6));
        Assert.Equal(Sample.Nodes, read.Nodes);
        Assert.Equal(Sample.Nodes6, read.Nodes6);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void No_more_are_kept_than_so_many()
    {
        var many = new SavedNodes { Nodes = [.. Enumerable.Repeat(Sample.Nodes[0], 1000)] };
        Assert.Equal(SavedNodes.MaxNodes, SavedNodesFile.Decode(SavedNodesFile.Encode(many)).Nodes.Count);
    }

    [Fact]
    public void What_is_torn_is_refused_at_every_byte()
    {
        var bytes = SavedNodesFile.Encode(Sample);
        for (var length = 0; length < bytes.Length; length++)
            Assert.ThrowsAny<FormatException>(() => SavedNodesFile.Decode(bytes[..length]));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("le")]
    [InlineData("d4:kind5:othere")]
    [InlineData("d4:kind16:actortorrent dht5:nodes3:xyz6:nodes60:e")]
    [InlineData("d2:id3:xyz4:kind16:actortorrent dht5:nodes0:6:nodes60:e")]
    public void What_is_something_else_is_refused(string text)
        => Assert.ThrowsAny<FormatException>(() => SavedNodesFile.Decode(Encoding.ASCII.GetBytes(text)));
}
