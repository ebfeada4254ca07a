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
    public void Fragmented_once_it_is_much_and_a_quarter_of_the_whole()
    {
        const int MiB = 1 << 20;
        var trim = new MemoryTrim(new MemoryOptions { FragmentedBytes = 16 * MiB });
        Assert.False(trim.IsToCompact(40 * MiB, 15 * MiB));
        Assert.False(trim.IsToCompact(80 * MiB, 16 * MiB));
        Assert.True(trim.IsToCompact(40 * MiB, 16 * MiB));
        Assert.False(trim.IsToCompact(24 * MiB, 0));
        Assert.True(trim.IsToCompact(40 * MiB, 16 * MiB));
    }

    [Fact]
    public void What_a_compaction_could_not_help_is_not_tried_again_until_it_has_grown()
    {
        const int MiB = 1 << 20;
        var trim = new MemoryTrim(new MemoryOptions { FragmentedBytes = 16 * MiB });
        Assert.True(trim.IsToCompact(60 * MiB, 40 * MiB));
        Assert.False(trim.IsToCompact(50 * MiB, 30 * MiB));
        Assert.False(trim.IsToCompact(50 * MiB, 45 * MiB));
        Assert.True(trim.IsToCompact(50 * MiB, 46 * MiB));
        Assert.False(trim.IsToCompact(50 * MiB, 10 * MiB));
        Assert.True(trim.IsToCompact(50 * MiB, 26 * MiB));
        // To gain little costs as much as to gain much.
        Assert.False(trim.IsToCompact(1_000 * MiB, 300 * MiB));
        Assert.False(trim.IsToCompact(1_000 * MiB, 549 * MiB));
        Assert.True(trim.IsToCompact(1_000 * MiB, 550 * MiB));
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
