using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Microsoft.Extensions.Configuration;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

public sealed class LibraryTests(ITestOutputHelper output)
{
    [Fact]
    public Task The_sample_downloads() => Stage.Play(output, TimeSpan.FromMinutes(1), async stage =>
    {
        var swarm = await SmallSwarm.Start(stage, "sample.bin", 300_000);
        var quiet = Path.Combine(stage.Folder.Path, "quiet.hocon");
        await File.WriteAllTextAsync(quiet, "actortorrent { listen { port = 0 }, dht { enabled = false }, lsd { enabled = false } }", stage.Deadline);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ActorTorrent:DataFolder"] = stage.Folder.Make("data"),
            ["ActorTorrent:Profiles"] = $"service;{quiet}",
        }).Build();
        var torrent = await EngineInAHost.RunAsync(swarm.Torrent, configuration, output.WriteLine, stage.Deadline);
        Assert.Equal(["sample"], torrent.Settings.Labels);
        Assert.Equal(swarm.Content, await File.ReadAllBytesAsync(Path.Combine(torrent.Settings.Folder, "sample.bin"), stage.Deadline));
    });

    [Fact]
    public void The_Dockerfile_needs_the_SDK_and_the_runtime_and_nothing_else()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "config", "Dockerfile"))
            .Where(static line => line.Length > 0 && line[0] != '#')
            .Select(static line => line.Split(' ', 2))
            .ToArray();
        Assert.All(lines, static line => Assert.Contains(line[0], (string[])["FROM", "WORKDIR", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "ENTRYPOINT"]));
        Assert.Equal(
            ["mcr.microsoft.com/dotnet/sdk:10.0 AS build", "mcr.microsoft.com/dotnet/aspnet:10.0"],
            lines.Where(static line => line[0] == "FROM").Select(static line => line[1]));
        var entry = System.Text.Json.JsonSerializer.Deserialize<string[]>(lines[^1][1])!;
        Assert.Equal(["dotnet", "/app/actortorrent.dll", "serve"], entry[..3]);
        Assert.DoesNotContain(lines, static line => line[0] == "RUN" && (line[1].Contains("apt", StringComparison.Ordinal) || line[1].Contains("curl", StringComparison.Ordinal)));
    }
}
