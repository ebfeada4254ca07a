using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

public sealed class ServeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public Task A_second_instance_on_the_same_folder_is_refused() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage);
        var second = ServeProcess.Launch(stage, FreePort.Next(), service.DataFolder);
        Assert.Equal(2, await second.Exit(stage.Deadline));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"in use by another instance (process {service.Process.Id})"), second.Everything(), StringComparison.Ordinal);
    });

    [Fact]
    public Task Health_says_live_and_ready() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage);
        Assert.Equal("live\n", await service.Http.GetStringAsync("/health/live", stage.Deadline));
        Assert.Equal("ready\n", await service.Http.GetStringAsync("/health/ready", stage.Deadline));
    });
}
