using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;

namespace ActorTorrent.Service.Tests;

/// <summary>What the session does besides adding and listing: folders, addresses that callers name, shared limits, numbers, restarts.</summary>
public sealed class SessionTests : IDisposable
{
    private static readonly string Linked = new('c', 40);

    private readonly GeneratedContent _content = new("content", 41, 256 << 10, [new("a.bin", 2_000_000), new("b.bin", 1_000_000)]);
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(90));

    private CancellationToken Deadline => _patience.Token;

    public void Dispose() => _patience.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_dropped_into_the_watch_folder_is_added(bool deletes)
    {
        using var folder = new Interop.Tests.Fixtures.TempFolder();
        await using var service = await ServiceUnderTest.StartAsync(configuration: Configured(("WatchFolder", folder.Path), ("DeletesWatched", deletes ? "true" : "false")));
        File.WriteAllBytes(Path.Combine(folder.Path, "one.torrent"), _content.BuildTorrent());
        File.WriteAllText(Path.Combine(folder.Path, "two.magnet"), $"magnet:?xt=urn:btih:{Linked}\n");
        File.WriteAllText(Path.Combine(folder.Path, "three.torrent"), "no torrent");
        File.WriteAllText(Path.Combine(folder.Path, "four.txt"), "none of its business");

        string[] expected = deletes ? ["four.txt", "three.torrent.invalid"] : ["four.txt", "one.torrent.added", "three.torrent.invalid", "two.magnet.added"];
        await Poll.Until("all are taken", () => Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).SequenceEqual(expected), Deadline);
        Assert.Equal([_content.InfoHash.ToString(), Linked], (await service.Session.ListAsync()).Select(static torrent => torrent.Settings.InfoHash).OrderBy(static hash => hash == Linked));
    }

    [Fact]
    public async Task Addresses_of_this_host_are_fetched_only_when_the_host_lets_callers()
    {
        var list = Encoding.ASCII.GetBytes("# ours\nloop:127.0.0.1-127.0.0.1\n192.0.2.0/24\n");
        using var web = new TinyWebServer(path => path switch
        {
            "/a.torrent" => (HttpStatusCode.OK, _content.BuildTorrent()),
            "/list" => (HttpStatusCode.OK, list),
            _ => (HttpStatusCode.NotFound, []),
        });
        await using (var service = await ServiceUnderTest.StartAsync())
        {
            var rpc = new Rpc(service.Http);
            await rpc.Call("session-set", new() { ["blocklist-url"] = new Uri(web.Address, "list").AbsoluteUri });
            foreach (var (method, arguments) in ((string, JsonObject)[])
                [("torrent-add", new() { ["filename"] = new Uri(web.Address, "a.torrent").AbsoluteUri }), ("torrent-add", new() { ["filename"] = "http://[::1]:9/" }), ("blocklist-update", [])])
            {
                Assert.Contains("is an address of this host itself", (string?)(await rpc.Answer(method, arguments))["result"], StringComparison.Ordinal);
            }
            Assert.NotEqual("success", await Refusal(rpc, "ftp://127.0.0.1/a.torrent"));
            Assert.Empty(await service.Session.ListAsync());
        }
        await using (var service = await ServiceUnderTest.StartAsync(configuration: Configured(("Access:FetchesFromHost", "true"))))
        {
            var rpc = new Rpc(service.Http);
            var added = await rpc.Call("torrent-add", new() { ["filename"] = new Uri(web.Address, "a.torrent").AbsoluteUri });
            Assert.Equal(_content.InfoHash.ToString(), (string?)added["torrent-added"]!["hashString"]);
            Assert.Contains("404", await Refusal(rpc, new Uri(web.Address, "none").AbsoluteUri), StringComparison.Ordinal);

            await rpc.Call("session-set", new() { ["blocklist-url"] = new Uri(web.Address, "list").AbsoluteUri, ["blocklist-enabled"] = true });
            Assert.Equal(2, (int?)(await rpc.Call("blocklist-update"))["blocklist-size"]);
            // Whom the list names is not listened to: the connection ends before a word is said.
            var view = (await service.Session.ListAsync()).Single();
            using var peer = new TcpClient();
            await peer.ConnectAsync(IPAddress.Loopback, view.Route!.ListenPort, Deadline);
            Assert.Equal(0, await ReadAsync(peer.GetStream()));
            await service.RestartAsync();
            Assert.Equal(2, (int?)(await new Rpc(service.Http).Call("session-get"))["blocklist-size"]);
        }

        static async Task<string> Refusal(Rpc rpc, string filename) => (string?)(await rpc.Answer("torrent-add", new() { ["filename"] = filename }))["result"] ?? "";

        async Task<int> ReadAsync(NetworkStream stream)
        {
            try
            {
                return await stream.ReadAsync(new byte[1], Deadline);
            }
            catch (IOException)
            {
                // Reset is an end, too.
                return 0;
            }
        }
    }

    [Fact]
    public async Task Files_move_with_their_torrent_or_are_looked_for_elsewhere()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var rpc = new Rpc(service.Http);
        await _content.WriteFilesAsync(service.Downloads);
        await service.AddAsync(_content);
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "seeding");
        var moved = Path.Combine(service.Downloads, "moved");

        await rpc.Call("torrent-set-location", new() { ["ids"] = new JsonArray(1), ["location"] = moved, ["move"] = true });
        await service.Until(1, torrent => torrent.GetProperty("folder").GetString() == moved && torrent.GetProperty("phase").GetString() == "seeding" && File.Exists(Path.Combine(moved, "content", "b.bin")));
        Assert.True(_content.Verify(moved).IsGood);
        Assert.False(Path.Exists(Path.Combine(service.Downloads, "content", "a.bin")));

        // Where it is told to look there is nothing.
        var empty = Path.Combine(service.Downloads, "empty");
        await rpc.Call("torrent-set-location", new() { ["ids"] = new JsonArray(1), ["location"] = empty, ["move"] = false });
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "downloading" && torrent.GetProperty("verified").GetInt64() == 0);
        using var back = await service.Http.PatchAsync("/api/v1/torrents/1", JsonContent.Create(new { folder = moved, moveFiles = false }));
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "seeding");

        using var outside = await service.Http.PatchAsync("/api/v1/torrents/1", JsonContent.Create(new { folder = "/etc/elsewhere", labels = new[] { "x" } }));
        Assert.Equal("/folder", (await ServiceUnderTest.ProblemAsync(outside, 403)).GetProperty("pointer").GetString());
        using var added = await service.Http.PostAsync("/api/v1/torrents", JsonContent.Create(new { magnet = Linked, folder = "/etc" }));
        await ServiceUnderTest.ProblemAsync(added, 403);
        Assert.Empty((await service.Session.ListAsync()).Single().Settings.Labels);
    }

    [Fact]
    public async Task A_groups_limit_holds_over_its_torrents_and_who_honours_no_session_limit_goes_on()
    {
        await using var seed = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        var rpc = new Rpc(service.Http);
        // With any of these limits it would take hours.
        await rpc.Call("group-set", new() { ["name"] = "slow", ["speed-limit-down"] = 1, ["speed-limit-down-enabled"] = true });
        await rpc.Call("torrent-add", new() { ["metainfo"] = Convert.ToBase64String(_content.BuildTorrent()), ["paused"] = true, ["bandwidthPriority"] = 1 });
        await rpc.Call("torrent-set", new() { ["ids"] = new JsonArray(1), ["group"] = "slow" });
        await rpc.Call("session-set", new() { ["speed-limit-down"] = 1, ["speed-limit-down-enabled"] = true });
        await rpc.Call("torrent-start", new() { ["ids"] = new JsonArray(1) });
        using var named = await service.Http.PostAsync("/api/v1/torrents/1/peers", JsonContent.Create(new { peers = new[] { seed.EndPoint.ToString() } }));
        await service.Until(1, static torrent => torrent.GetProperty("peers").GetProperty("unchoking").GetInt32() == 1);

        // The session's limit alone is not what holds it up.
        await rpc.Call("torrent-set", new() { ["ids"] = new JsonArray(1), ["honorsSessionLimits"] = false });
        var seen = 0;
        await Poll.Until("some looks later", async () => (await service.GetAsync("/api/v1/torrents/1")).GetProperty("phase").GetString() == "downloading" && ++seen > 10, Deadline);
        Assert.True((await service.GetAsync("/api/v1/torrents/1")).GetProperty("downloaded").GetInt64() < 500_000);
        Assert.Equal(1, (int?)await rpc.Field("bandwidthPriority"));
        using var patched = await service.Http.PatchAsync("/api/v1/torrents/1", JsonContent.Create(new { priority = "low", group = "slow", honorsSessionLimits = false }));
        var told = await ServiceUnderTest.JsonAsync(patched);
        Assert.Equal(("low", "slow", false), (told.GetProperty("priority").GetString(), told.GetProperty("group").GetString(), told.GetProperty("honorsSessionLimits").GetBoolean()));
        using var refused = await service.Http.PatchAsync("/api/v1/torrents/1", JsonContent.Create(new { priority = "urgent" }));
        Assert.Equal("/priority", (await ServiceUnderTest.ProblemAsync(refused, 400)).GetProperty("pointer").GetString());

        // It survives a restart; the group's limit goes, and nothing holds it up any more.
        await service.RestartAsync();
        rpc = new Rpc(service.Http);
        Assert.Equal("slow", (string?)await rpc.Field("group"));
        await rpc.Call("group-set", new() { ["name"] = "slow", ["speed-limit-down-enabled"] = false });
        using var again = await service.Http.PostAsync("/api/v1/torrents/1/peers", JsonContent.Create(new { peers = new[] { seed.EndPoint.ToString() } }));
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "seeding");
        Assert.True((bool?)(await rpc.Call("session-get"))["speed-limit-down-enabled"]);
    }

    [Fact]
    public async Task Numbers_are_what_Transmission_means_by_them()
    {
        // Of a large piece one peer sends a part and no more.
        var content = new GeneratedContent("large", 42, 4 << 20, [new("a.bin", 4 << 20), new("b.bin", 1000)]);
        await using var stalling = await StubPeer.StartAsync(PeerScript.Dies(1_000_000, TransferEnding.Stall), content.InfoHash, content);
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(), content.InfoHash, content);
        await using var service = await ServiceUnderTest.StartAsync();
        var rpc = new Rpc(service.Http);
        await _content.WriteFilesAsync(service.Downloads);
        await service.AddAsync(_content);
        await service.AddAsync(content, stalling.EndPoint.ToString());
        await Poll.Until("parts are there", async () => (long)(await rpc.Field("haveUnchecked", 2))! > 100_000, Deadline);
        using var named = await service.Http.PostAsync("/api/v1/torrents/2/peers", JsonContent.Create(new { peers = new[] { healthy.EndPoint.ToString() } }));
        await service.Until(2, static torrent => torrent.GetProperty("phase").GetString() == "seeding");
        Assert.Equal(0, (long?)await rpc.Field("haveUnchecked", 2));
        Assert.Equal((4 << 20) + 1000, (long?)await rpc.Field("haveValid", 2));
        // Those of the first torrent were there.
        await Poll.Until("the files are counted", async () => await FilesAdded("current-stats") == 2, Deadline);
        await service.RestartAsync();
        rpc = new Rpc(service.Http);
        Assert.Equal((0, 2), (await FilesAdded("current-stats"), await FilesAdded("cumulative-stats")));

        async Task<int> FilesAdded(string part) => (int)(await rpc.Call("session-stats"))[part]!["filesAdded"]!;
    }

    [Fact]
    public async Task A_magnet_link_that_was_paused_before_its_metadata_came_stays_so_over_restarts()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        using var added = await service.Http.PostAsync("/api/v1/torrents", JsonContent.Create(new { magnet = Linked }));
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "fetching_metadata");
        using var paused = await service.Http.PostAsync("/api/v1/torrents/1/actions/pause", content: null);
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "paused");
        for (var restart = 0; restart < 2; restart++)
        {
            await service.RestartAsync();
            // Whatever the engine makes of it: it comes to rest without having looked for anybody.
            var seen = await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() is "paused" or "fetching_metadata");
            Assert.Equal("paused", seen.GetProperty("phase").GetString());
            Assert.Equal(0, (int?)await new Rpc(service.Http).Field("status"));
        }
        using var resumed = await service.Http.PostAsync("/api/v1/torrents/1/actions/resume", content: null);
        await service.Until(1, static torrent => torrent.GetProperty("phase").GetString() == "fetching_metadata");
    }

    private static Dictionary<string, string?> Configured(params ReadOnlySpan<(string Key, string Value)> values)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
            configuration[string.Create(CultureInfo.InvariantCulture, $"ActorTorrent:{key}")] = value;
        return configuration;
    }
}
