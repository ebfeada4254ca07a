using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Listening;

namespace ActorTorrent.Service.Tests.Listening;

public sealed class EngineLoadTests
{
    [Fact]
    public async Task Work_of_other_threads_is_noticed()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var over = new CancellationTokenSource();
        var load = new EngineLoad();
        var work = Task.Factory.StartNew(
            () =>
            {
                while (!over.IsCancellationRequested)
                    Thread.SpinWait(100);
            }, over.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Poll.Until("the work is noticed", () => load.IsHigh, deadline.Token);
        await over.CancelAsync();
        await work;
    }
}
