using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;

namespace ActorTorrent.Cli.Tests;

/// <summary>The verb <c>check</c>.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder["data"];

    [Fact]
    public async Task What_is_all_there_is_complete()
    {
        var result = await Check();

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Equal("complete: 10 pieces, 3 files, 586 KiB\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task What_is_not_is_told_by_file()
    {
        await Write();
        File.Delete(In("a", "first.bin"));
        using (var file = File.OpenWrite(In("b.bin")))
        {
            file.Position = 150_000;
            file.Write([1, 2, 3]);
        }
        await File.AppendAllTextAsync(In("c.txt"), "more");

        var result = await Command.Run("check", Torrent, "--data", Data);

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Equal(
            """
            missing    sample/a/first.bin  7 of 7 pieces are not good: 0-6
            damaged    sample/b.bin  2 of 4 pieces are not good: 6,8
            too long   sample/c.txt  5 instead of 1 bytes
            incomplete: 2 of 10 pieces are good, 7 missing, 1 bad; 0 of 3 files are good

            """.ReplaceLineEndings("\n"),
            result.Output);
    }

    [Fact]
    public async Task With_json_each_file_is_a_line_and_the_whole_one()
    {
        await Write();
        using (var file = File.OpenWrite(In("b.bin")))
            file.SetLength(100_000);

        var result = await Command.Run("check", Torrent, "--data", Data, "--json");

        Assert.Equal(ExitCode.Failed, result.ExitCode);
        var lines = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).Where(static line => (string?)line["event"] != "progress").ToList();
        Assert.Equal(4, lines.Count);
        Assert.Equal(
            """{"event":"file","path":"sample/a/first.bin","state":"good","bytes":400000,"bytesOnDisk":400000,"pieces":7,"goodPieces":7,"notGood":""}""",
            lines[0].ToJsonString());
        Assert.Equal(
            """{"event":"file","path":"sample/b.bin","state":"too_short","bytes":200000,"bytesOnDisk":100000,"pieces":4,"goodPieces":1,"notGood":"7-9"}""",
            lines[1].ToJsonString());
        lines[3].Remove("seconds");
        Assert.Equal(
            $$"""{"event":"incomplete","infoHash":"{{SampleTorrent.Content.InfoHash}}","pieces":10,"goodPieces":7,"missingPieces":3,"badPieces":0,"files":3,"goodFiles":1}""",
            lines[3].ToJsonString());
    }

    [Fact]
    public async Task A_missing_file_has_no_length_in_json()
    {
        await Write();
        File.Delete(In("c.txt"));

        var result = await Command.Run("check", Torrent, "--data", Data, "--json");

        var line = result.Lines.Select(static line => JsonNode.Parse(line)!.AsObject()).Single(static line => (string?)line["path"] == "sample/c.txt");
        Assert.Equal("missing", (string?)line["state"]);
        Assert.Null(line["bytesOnDisk"]);
    }

    [Fact]
    public async Task It_agrees_with_create()
    {
        await Write();
        var torrent = _folder["made.torrent"];

        var created = await Command.Run("create", _folder["data", "sample"], "-o", torrent);
        var result = await Command.Run("check", torrent, "--data", Data);

        Assert.Equal(ExitCode.Ok, created.ExitCode);
        Assert.Equal(ExitCode.Ok, result.ExitCode);
    }

    [Fact]
    public async Task Bad_input_is_named()
    {
        await Write();
        var bad = _folder.Write("bad.torrent", [1]);

        Assert.Equal(ExitCode.BadInput, (await Command.Run("check", bad, "--data", Data)).ExitCode);
        var missing = await Command.Run("check", Torrent, "--data", _folder["none"]);
        var file = await Command.Run("check", Torrent, "--data", bad);

        Assert.Equal((ExitCode.BadInput, $"--data: {_folder["none"]}: no such folder.\n"), (missing.ExitCode, missing.Error));
        Assert.Equal((ExitCode.BadInput, $"--data: {bad}: is a file, not a folder.\n"), (file.ExitCode, file.Error));
    }

    [Fact]
    public async Task What_cannot_be_read_is_the_disks_fault()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a privilege there.
        await Write();
        File.Move(In("b.bin"), _folder["outside"]);
        File.CreateSymbolicLink(In("b.bin"), _folder["outside"]);

        var result = await Command.Run("check", Torrent, "--data", Data);

        Assert.Equal(ExitCode.Disk, result.ExitCode);
        Assert.Contains("leads out of the output folder", result.Error, StringComparison.Ordinal);
    }

    private string Torrent => _folder["sample.torrent"];

    private async Task<CommandResult> Check()
    {
        await Write();
        return await Command.Run("check", Torrent, "--data", Data);
    }

    private Task Write()
    {
        _folder.Write("sample.torrent", SampleTorrent.Content.BuildTorrent());
        return SampleTorrent.Content.WriteFilesAsync(Data);
    }

    private string In(params string[] segments) => _folder[["data", "sample", .. segments]];
}
