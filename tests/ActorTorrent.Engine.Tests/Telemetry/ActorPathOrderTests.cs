using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Engine.Tests.Telemetry;

public sealed class ActorPathOrderTests
{
    [Fact]
    public void Each_follows_its_parent_and_numbers_count()
    {
        string[] ordered =
        [
            "", "census", "disk-root", "listener", "listener/pending-9", "listener/pending-10", "torrent-aa", "torrent-aa/peer-2",
            "torrent-aa/peer-2/connection-3", "torrent-aa/peer-10", "torrent-aa/storage", "torrent-aa-b", "torrent-ab",
        ];
        var shuffled = ordered.ToArray();
        new Random(7).Shuffle(shuffled);

        Array.Sort(shuffled, ActorPathOrder.Instance);

        Assert.Equal(ordered, shuffled);
    }
}
