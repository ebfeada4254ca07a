using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Demo;
using Xunit.Abstractions;

namespace ActorTorrent.Lab.Tests.Demo;

[Collection(DeadlineCollection.Name)]
public sealed class DemoRunTests(ITestOutputHelper output)
{
    /// <summary>The demo in small: less data at a lower rate, so that all faults still fit in.</summary>
    [Fact]
    public async Task Every_promise_is_kept()
    {
        var plan = new DemoPlan
        {
            TotalBytes = 48L << 20,
            PieceLength = 256 << 10,
            BytesPerSecond = 512 << 10,
            ResetAfterBytes = 400_000,
            CloseAfterBytes = 600_000,
            StallAfterBytes = 500_000,
            Probe = new ProbeOptions { ConnectTimeout = TimeSpan.FromSeconds(1), HandshakeTimeout = TimeSpan.FromSeconds(2) },
        };
        var view = new RecordingView();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var report = await new DemoRun(plan, view).RunAsync(deadline.Token);
        foreach (var check in report.Checks)
            output.WriteLine($"{check.Passed} {check.Promise}: {check.Found}");
        Assert.All(report.Checks, check => Assert.True(check.Passed, $"{check.Promise}: {check.Found}"));
        Assert.Equal(50, view.Results.Count);
        Assert.NotEmpty(view.Faults);
        Assert.True(view.Snapshots > 0);
    }
}
