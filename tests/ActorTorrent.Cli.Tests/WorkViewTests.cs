using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Engine.Checking;

namespace ActorTorrent.Cli.Tests;

public sealed class WorkViewTests
{
    [Fact]
    public void A_line_says_how_far_it_has_come() =>
        Assert.Equal("  0.0%  0 B of 2 MiB hashed  0 B/s", WorkView.Line("hashed", new WorkProgress(2 << 20), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Nothing_to_do_is_done() =>
        Assert.StartsWith("100.0%", WorkView.Line("hashed", new WorkProgress(0), TimeSpan.Zero), StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "{\"event\":\"progress\",\"bytes\":0,\"bytesTotal\":100}\n")]
    [InlineData(false, "  0.0%  0 B of 100 B checked  0 B/s\n")]
    public async Task Work_that_takes_its_time_is_shown_until_it_ends(bool json, string line)
    {
        await using var output = new WatchedWriter();
        var work = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        var shown = WorkView.ShowAsync("checked", work.Task, new WorkProgress(100), output, json ? new JsonLines(output) : null);
        await output.Until(line);
        work.SetResult(7);

        Assert.Equal(7, await shown);
    }

    [Fact]
    public async Task Its_failure_is_not_swallowed()
    {
        await using var output = new WatchedWriter();

        await Assert.ThrowsAsync<InputException>(() =>
            WorkView.ShowAsync("checked", Task.FromException<int>(new InputException("no")), new WorkProgress(1), output, json: null));
    }
}
