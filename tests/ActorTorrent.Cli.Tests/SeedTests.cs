using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;

namespace ActorTorrent.Cli.Tests;

/// <summary>The verb <c>seed</c>.</summary>
public sealed class SeedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder["data"];

    private string Torrent => _folder["sample.torrent"];

    [Fact]
    public async Task It_says_that_it_seeds_serves_and_ends_well()
    {
        await Write();
        await using var seed = Seed("--json");
        await seed.Prints("\"event\":\"seeding\"");
        var seeding = Events(seed.Output.ToString(), "seeding");
        Assert.Equal(["event", "name", "infoHash", "bytes", "port", "runtime"], seeding.Select(static p => p.Key));
        var fetched = _folder["fetched"];

        var fetching = await Command.Run(
            "download", Torrent, "--output", fetched, "--port", "0", "--profile", "test", "--state", _folder["state 2"],
            "--peer", $"127.0.0.1:{(int)seeding["port"]!}");
        await seed.Interrupt();
        var end = await seed.End();

        Assert.Equal(ExitCode.Ok, fetching.ExitCode);
        Assert.Equal(ExitCode.Ok, end.ExitCode);
        Assert.True(SampleTorrent.Content.Verify(fetched).IsGood);
        Assert.InRange((long)Events(end.Output, "stopped")["uploadedBytes"]!, 0, 600_001);
    }

    [Fact]
    public async Task For_people_the_line_starts_with_seeding()
    {
        await Write();
        await using var seed = Seed();
        await seed.Prints("seeding ");

        await seed.Interrupt();
        var end = await seed.End();

        Assert.Equal(ExitCode.Ok, end.ExitCode);
        Assert.Matches($"(?m)^seeding sample \\(586 KiB, {SampleTorrent.Content.InfoHash}\\) on port [1-9][0-9]*$", end.Output);
        Assert.Equal("stopped; 0 B were uploaded\n", end.Error);
    }

    [Fact]
    public async Task When_its_data_goes_away_it_waits_until_it_is_back()
    {
        await Write();
        await using var seed = Seed("--json");
        await seed.Prints("\"event\":\"seeding\"");
        var port = (int)Events(seed.Output.ToString(), "seeding")["port"]!;
        Directory.Move(_folder["data", "sample"], _folder["away"]);
        var fetched = _folder["fetched"];

        var fetching = Command.Run(
            "download", Torrent, "--output", fetched, "--port", "0", "--profile", "test", "--state", _folder["state 2"],
            "--peer", $"127.0.0.1:{port}");
        await seed.Prints("\"event\":\"diskFailed\"");
        Directory.Move(_folder["away"], _folder["data", "sample"]);
        await seed.Prints("\"event\":\"diskRecovered\"");

        Assert.Equal(ExitCode.Ok, (await fetching).ExitCode);
        await seed.Interrupt();
        Assert.Equal(ExitCode.Ok, (await seed.End()).ExitCode);
        Assert.True(SampleTorrent.Content.Verify(fetched).IsGood);
    }

    [Fact]
    public async Task What_is_not_all_there_is_not_seeded()
    {
        await Write();
        File.Delete(_folder["data", "sample", "b.bin"]);

        await using var seed = Seed();
        var end = await seed.End();

        Assert.Equal(ExitCode.Failed, end.ExitCode);
        Assert.StartsWith("sample/b.bin is not there, or not whole; ", end.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["data", "sample", "b.bin"]));
    }

    [Fact]
    public async Task What_does_not_match_is_not_seeded()
    {
        await Write();
        using (var file = File.OpenWrite(_folder["data", "sample", "b.bin"]))
        {
            file.Position = 50_000;
            file.Write([1, 2, 3]);
        }

        await using var seed = Seed("--json");
        var end = await seed.End();

        Assert.Equal(ExitCode.Failed, end.ExitCode);
        Assert.StartsWith("1 piece of 10 do not match", (string?)Events(end.Output, "incomplete")["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain("\"seeding\"", end.Output.Replace("\"phase\":\"seeding\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_bad_input()
    {
        await Write();

        var result = await Command.Run("seed", Torrent, "--data", _folder["none"]);

        Assert.Equal((ExitCode.BadInput, $"--data: {_folder["none"]}: no such folder.\n"), (result.ExitCode, result.Error));
    }

    private static JsonObject Events(string output, string name) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => JsonNode.Parse(line)!.AsObject()).First(line => (string?)line["event"] == name);

    private Command Seed(params string[] more) =>
        Command.Start(["seed", Torrent, "--data", Data, "--port", "0", "--profile", "test", "--state", _folder["state"], .. more]);

    private Task Write()
    {
        _folder.Write("sample.torrent", SampleTorrent.Content.BuildTorrent());
        return SampleTorrent.Content.WriteFilesAsync(Data);
    }
}
