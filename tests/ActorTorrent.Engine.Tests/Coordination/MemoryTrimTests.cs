using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Tests.Coordination;

/// <summary>When a process at rest gives its memory back.</summary>
public sealed class MemoryTrimTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly MemoryTrim _trim = new(new MemoryOptions { Quiet = TimeSpan.FromSeconds(4), LeastBytes = 1000 });

    [Fact]
    public void After_a_burst_once_it_is_over()
    {
        Assert.False(_trim.IsDue(Long, 5000));
        Assert.False(_trim.IsDue(Long, 6000));
        Assert.True(_trim.IsDue(Long, 6100));
        Assert.False(_trim.IsDue(Long, 6200));
    }

    [Fact]
    public void Not_while_blocks_move()
    {
        Assert.False(_trim.IsDue(TimeSpan.FromSeconds(1), 5000));
        Assert.False(_trim.IsDue(TimeSpan.FromSeconds(3.9), 5000));
        Assert.True(_trim.IsDue(TimeSpan.FromSeconds(4), 5000));
    }

    [Fact]
    public void Little_by_little_too_but_only_when_it_is_worth_the_while()
    {
        var due = Enumerable.Range(1, 30).Count(step => _trim.IsDue(Long, step * 100));
        Assert.Equal(3, due);
    }

    [Fact]
    public void Nothing_has_moved_for_very_long_before_anything_did()
    {
        var clock = new TransferClock();
        Assert.True(clock.QuietFor(TimeSpan.Zero) > TimeSpan.FromDays(1));
        clock.Moved(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(2), clock.QuietFor(TimeSpan.FromSeconds(12)));
    }
}
