using System.Diagnostics;
using System.Threading.Channels;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Lab.Tests.Demo;

namespace ActorTorrent.Lab.Tests.Peers;

[Collection(DeadlineCollection.Name)]
public sealed class LinkShaperTests
{
    [Fact]
    public async Task Bytes_come_in_order_late_and_at_the_rate()
    {
        const int count = 100_000;
        var got = new List<byte>();
        var first = TimeSpan.Zero;
        var all = new TaskCompletionSource<TimeSpan>();
        var watch = Stopwatch.StartNew();
        var shape = new LinkShape { Latency = TimeSpan.FromMilliseconds(120), BytesPerSecond = 200_000 };
        var shaper = new LinkShaper(() => shape, seed: 1, TimeProvider.System, (bytes, _) =>
        {
            if (got.Count == 0)
                first = watch.Elapsed;
            got.AddRange(bytes.Span);
            if (got.Count == count)
                all.SetResult(watch.Elapsed);
            return ValueTask.CompletedTask;
        });
        using var stop = new CancellationTokenSource();
        var running = shaper.RunAsync(stop.Token);
        await shaper.SendAsync(Enumerable.Range(0, count).Select(i => (byte)(i * 7)).ToArray(), stop.Token);
        var elapsed = await all.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (byte)(i * 7)), got);
        Assert.True(first >= TimeSpan.FromMilliseconds(115), $"the first byte came after {first}");
        Assert.True(elapsed >= TimeSpan.FromMilliseconds(300), $"all came after {elapsed}");
    }

    [Fact]
    public async Task What_was_sent_before_the_end_is_delivered_and_nothing_is_taken_after_it()
    {
        var shape = new LinkShape { Jitter = TimeSpan.FromMilliseconds(20), Chunk = 3 };
        var got = new List<byte>();
        var shaper = new LinkShaper(() => shape, seed: 1, TimeProvider.System, (bytes, _) =>
        {
            Assert.InRange(bytes.Length, 1, 3);
            got.AddRange(bytes.Span);
            return ValueTask.CompletedTask;
        });
        await shaper.SendAsync(new byte[] { 1, 2, 3, 4, 5, 6, 7 }, CancellationToken.None);
        shaper.Complete();
        await shaper.RunAsync(CancellationToken.None);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], got);
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await shaper.SendAsync(new byte[1], CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_link_that_loses_connections_does(double halfOpen)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var shape = new LinkShape { LostAfter = TimeSpan.FromMilliseconds(30), HalfOpen = halfOpen };
        Assert.Equal(halfOpen == 1, await LinkShaper.LoseAsync(shape, new Random(1), TimeProvider.System, deadline.Token));
    }
}
