using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Cli.Tests;

/// <summary>The built program: what only a process can show.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_exit_status_and_streams_are_those_of_the_command_line()
    {
        var shown = await BuiltProgram.Run("show", _folder.Write("a.torrent", SampleTorrent.Raw("übung.bin")));
        var missing = await BuiltProgram.Run("show", _folder["none.torrent"]);

        Assert.Equal(ExitCode.Ok, shown.ExitCode);
        Assert.Contains("name:       übung.bin\n", shown.Output, StringComparison.Ordinal);
        Assert.Empty(shown.Error);
        Assert.Equal(ExitCode.BadInput, missing.ExitCode);
        Assert.Empty(missing.Output);
        Assert.Equal($"{_folder["none.torrent"]}: no such file.\n", missing.Error);
    }

    [Fact]
    public async Task It_knows_its_version()
    {
        var result = await BuiltProgram.Run("--version");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", result.Output);
    }

    [Fact]
    public async Task It_finds_its_settings_from_any_working_folder_and_downloads()
    {
        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy(), SampleTorrent.Content.InfoHash, SampleTorrent.Content);
        var torrent = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent());

        var result = await BuiltProgram.Run(
            "download", torrent, "-o", _folder["out"], "--port", "0", "--profile", "test", "--peer", seed.EndPoint.ToString(), "--json");

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Contains("\"event\":\"complete\"", result.Lines[^1], StringComparison.Ordinal);
        Assert.Empty(result.Error);
        Assert.True(SampleTorrent.Content.Verify(_folder["out"]).IsGood);
    }

    [Fact]
    public async Task A_signal_to_end_lets_it_say_good_bye()
    {
        if (OperatingSystem.IsWindows())
            return; // There are no signals there.
        await SampleTorrent.Content.WriteFilesAsync(_folder["out"]);
        var torrent = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent());
        await using var seeding = BuiltProgram.Start("download", torrent, "-o", _folder["out"], "--port", "0", "--profile", "test", "--seed");
        await seeding.Prints("complete: ");
        await using var stalling = await StubPeer.StartAsync(PeerScript.Stalls(0), SampleTorrent.Content.InfoHash, SampleTorrent.Content);
        await using var fetching = BuiltProgram.Start(
            "download", torrent, "-o", _folder["none"], "--port", "0", "--peer", stalling.EndPoint.ToString(), "--no-lsd", "--json");
        await fetching.Prints("\"event\":\"started\"");

        seeding.Signal(BuiltProgram.Terminate);
        fetching.Signal(BuiltProgram.Terminate);

        Assert.Equal(ExitCode.Ok, (await seeding.End()).ExitCode);
        Assert.Equal(ExitCode.Interrupted, (await fetching.End()).ExitCode);
    }
}
