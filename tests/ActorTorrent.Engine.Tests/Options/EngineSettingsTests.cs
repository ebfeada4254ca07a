using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Tests.Options;

public sealed class EngineSettingsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "hocon");

    [Fact]
    public void The_main_file_says_what_the_records_default_to()
        => Assert.Equal(new EngineOptions(), EngineSettings.Load(folder: Folder).Options);

    [Fact]
    public void Every_profile_can_be_laid_over_it()
    {
        var profiles = Directory.GetFiles(Path.Combine(Folder, "profiles"), "*.hocon");
        Assert.NotEmpty(profiles);
        foreach (var profile in profiles)
            Assert.NotEqual(new EngineOptions(), EngineSettings.Load([Path.GetFileNameWithoutExtension(profile)], Folder).Options);
    }

    [Fact]
    public void Later_files_win_and_leave_the_rest()
    {
        var options = Parse("actortorrent.peer { connect-timeout = 1s, tick = 20ms }", "actortorrent { peer.tick = 30ms }");
        Assert.Equal(TimeSpan.FromSeconds(1), options.Peer.ConnectTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(30), options.Peer.Tick);
        Assert.Equal(new PeerOptions().HandshakeTimeout, options.Peer.HandshakeTimeout);
    }

    [Theory]
    [InlineData("actortorrent.peer.connect-timeout = soon", "connect-timeout", "50ms to 300s")]
    [InlineData("actortorrent.peer.connect-timeout = 1ms", "connect-timeout", "50ms to 300s")]
    [InlineData("actortorrent.torrent.max-peers = 0", "max-peers", "1 to 100000")]
    [InlineData("actortorrent.torrent.max-peers = many", "max-peers", "1 to 100000")]
    [InlineData("actortorrent.peer.max-message = 1PB", "max-message", "bytes")]
    [InlineData("actortorrent.faults.jitter = 2", "jitter", "0 to 1")]
    [InlineData("actortorrent.listen.any-port-if-taken = maybe", "any-port-if-taken", "true or false")]
    [InlineData("actortorrent.listen.port = [1, 2]", "listen.port", "0 to 65535")]
    [InlineData("actortorrent.bind.ipv4 = eth0", "bind.ipv4", "an IPv4 address of this host, or any")]
    [InlineData("actortorrent.bind.ipv6 = 127.0.0.1", "bind.ipv6", "an IPv6 address of this host, or any")]
    [InlineData("actortorrent.dht.bootstrap = [\"nowhere\"]", "dht.bootstrap", "a list of HOST:PORT")]
    [InlineData("actortorrent.dht.bootstrap = \"a.org:1\"", "dht.bootstrap", "a list of HOST:PORT")]
    public void A_bad_value_is_named_with_key_file_and_range(string text, string key, string range)
    {
        var error = Assert.Throws<SettingsException>(() => Parse(text));
        Assert.Contains("file0.hocon", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("actortorrent.peer.conect-timeout = 1s", "conect-timeout")]
    [InlineData("actortorrent.piers.tick = 1s", "piers.tick")]
    [InlineData("actortorent.peer.tick = 1s", "actortorent")]
    public void An_unknown_key_is_named_with_its_file(string text, string key)
    {
        var error = Assert.Throws<SettingsException>(() => Parse("actortorrent.peer.tick = 1s", text));
        Assert.Contains("file1.hocon", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("actortorrent.torrent { min-upload-slots = 9, max-upload-slots = 8 }", "max-upload-slots")]
    [InlineData("actortorrent.peer.min-pipeline = 900", "min-pipeline")]
    [InlineData("actortorrent.peer.max-pipeline = 4", "max-pipeline")]
    [InlineData("actortorrent.faults.max-retry-delay = 1s", "max-retry-delay")]
    [InlineData("actortorrent.storage.retry-delay = 1m", "retry-delay")]
    [InlineData("actortorrent.tracker.interval-ceiling = 1s", "interval-ceiling")]
    [InlineData("actortorrent.tracker.backoff-base = 50m", "backoff-base")]
    public void A_least_value_over_the_greatest_is_named_with_its_file(string text, string key)
    {
        var error = Assert.Throws<SettingsException>(() => Parse("actortorrent.peer.tick = 1s", text));
        Assert.Contains("file1.hocon", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains("must not be greater", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var error = Assert.Throws<SettingsException>(() => Parse("actortorrent { peer.tick = x, torrent.half-open = y, z = 1 }"));
        Assert.Equal(3, error.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void A_missing_profile_is_named()
        => Assert.Contains("nowhere", Assert.Throws<SettingsException>(() => EngineSettings.Load(["nowhere"], Folder)).Message, StringComparison.Ordinal);

    private static EngineOptions Parse(params string[] texts)
        => EngineSettings.Parse(texts.Select((text, i) => ($"file{i}.hocon", text))).Options;
}
