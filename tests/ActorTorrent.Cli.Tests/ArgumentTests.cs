using ActorTorrent.Cli.Tests.Support;

namespace ActorTorrent.Cli.Tests;

/// <summary>What cannot be meant is refused before anything is done: exit code 2, the argument named.</summary>
public sealed class ArgumentTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("download")]
    [InlineData("probe")]
    [InlineData("show")]
    [InlineData("create")]
    [InlineData("seed")]
    [InlineData("seed none.torrent --port 70000", "--port: '70000' is not a number from 0 to 65535")]
    [InlineData("check")]
    [InlineData("check none.torrent", "none.torrent: no such file")]
    [InlineData("show one.torrent two.torrent")]
    [InlineData("show --json one.torrent", "one.torrent")]
    [InlineData("demo --fast", "--fast")]
    [InlineData("tracker --port", "--port")]
    [InlineData("tracker --port 65536", "--port: '65536' is not a number from 0 to 65535")]
    [InlineData("tracker --port=-1", "--port: '-1'")]
    [InlineData("tracker --port 0 --address localhost", "--address: 'localhost' is not an IP address")]
    [InlineData("download x.torrent --port many", "--port: 'many' is not a number from 0 to 65535")]
    [InlineData("download x.torrent --max-peers 0", "--max-peers: '0' is not a number of 1 or more")]
    [InlineData("download x.torrent --download-limit fast", "--download-limit: 'fast' is not a rate")]
    [InlineData("download x.torrent --upload-limit 0", "--upload-limit: '0' is not a rate")]
    [InlineData("download x.torrent --frobnicate", "--frobnicate")]
    [InlineData("probe 127.0.0.1:1 --connect-timeout 5", "--connect-timeout: '5' is not a duration")]
    [InlineData("probe 127.0.0.1:1 --handshake-timeout 2d", "--handshake-timeout: '2d' is not a duration")]
    [InlineData("probe 127.0.0.1:1 --concurrency none", "--concurrency: 'none' is not a number of 1 or more")]
    [InlineData("probe 127.0.0.1:1 --info-hash 12", "--info-hash: '12' is not 40 hex digits")]
    [InlineData("probe 127.0.0.1:1", "--info-hash")]
    [InlineData("probe nonsense --info-hash 0123456789012345678901234567890123456789", "nonsense: neither a torrent file nor HOST:PORT")]
    public async Task It_is_refused(string line, string named = "")
    {
        var result = await Command.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--peer", "127.0.0.1")]
    [InlineData("--select", "4")]
    [InlineData("--profile", "none")]
    [InlineData("--dht-node", "127.0.0.1")]
    public async Task A_download_is_refused_before_its_folder_is_made(string option, string value)
    {
        var torrent = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent());
        var output = _folder["output"];

        var result = await Command.Run("download", torrent, "--output", output, option, value);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(value, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public async Task A_profile_with_an_unknown_key_is_refused_with_the_key()
    {
        var torrent = _folder.Write("a.torrent", SampleTorrent.Content.BuildTorrent());
        var profile = _folder.Write("my.hocon", "actortorrent.peer.conect-timeout = 1s"u8.ToArray());

        var result = await Command.Run("download", torrent, "--output", _folder["output"], "--profile", profile);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("conect-timeout", result.Error, StringComparison.Ordinal);
        Assert.Contains("my.hocon", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "download")]
    [InlineData("download --help", "--sequential")]
    [InlineData("probe --help", "--handshake-timeout")]
    [InlineData("create --help", "--piece-length")]
    [InlineData("check --help", "--data")]
    [InlineData("seed --help", "--upload-limit")]
    [InlineData("show --help", "FILE.torrent|URL")]
    [InlineData("tracker --help", "--address")]
    [InlineData("demo --help", "50 peers")]
    public async Task Help_is_no_error(string line, string named)
    {
        var result = await Command.Run(line.Split(' '));

        Assert.Equal(ExitCode.Ok, result.ExitCode);
        Assert.Contains(named, result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }
}
