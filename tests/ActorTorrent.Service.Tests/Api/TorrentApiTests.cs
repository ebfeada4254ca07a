using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>The REST API over HTTP: torrents, faults, actors, tools.</summary>
public sealed class TorrentApiTests
{
    private readonly GeneratedContent _content = new("content", 37, 64 << 10, [new("a.bin", 900_000), new("b.bin", 1_100_000)]);

    [Fact]
    public async Task A_torrent_is_added_downloaded_changed_and_removed()
    {
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();

        using var added = await service.Http.PostAsync("/api/v1/torrents", JsonContent.Create(new
        {
            torrent = Convert.ToBase64String(_content.BuildTorrent([])),
            labels = new[] { "films", "family" },
            peers = new[] { healthy.EndPoint.ToString() },
        }));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal("/api/v1/torrents/1", added.Headers.Location?.ToString());
        Assert.NotNull(added.Headers.ETag);

        var torrent = await service.Until(1, t => t.GetProperty("phase").GetString() == "seeding");
        Assert.Equal("content", torrent.GetProperty("name").GetString());
        Assert.Equal(2_000_000, torrent.GetProperty("size").GetInt64());
        Assert.Equal(1, torrent.GetProperty("progress").GetDouble());
        Assert.Equal(["films", "family"], torrent.GetProperty("labels").EnumerateArray().Select(l => l.GetString()));

        var byHash = await service.GetAsync($"/api/v1/torrents/{_content.InfoHash}");
        Assert.Equal(1, byHash.GetProperty("id").GetInt32());
        var files = await service.GetAsync("/api/v1/torrents/1/files");
        Assert.Equal([900_000L, 1_100_000L], files.EnumerateArray().Select(f => f.GetProperty("verified").GetInt64()));
        var pieces = await service.GetAsync("/api/v1/torrents/1/pieces");
        Assert.Equal(new string('2', 31), pieces.GetProperty("states").GetString());
        Assert.Equal(31, pieces.GetProperty("availability").GetBytesFromBase64().Length);
        Assert.Equal(0, (await service.GetAsync("/api/v1/torrents/1/trackers")).GetArrayLength());

        using var patched = await service.Http.PatchAsync("/api/v1/torrents/1", JsonContent.Create(new
        {
            labels = new[] { "done" },
            uploadLimit = 50_000,
            files = new Dictionary<string, string> { ["1"] = "high" },
            paused = true,
        }));
        var changed = await ServiceUnderTest.JsonAsync(patched);
        Assert.Equal("done", changed.GetProperty("labels")[0].GetString());
        Assert.Equal(50_000, changed.GetProperty("uploadLimit").GetInt64());
        await service.Until(1, t => t.GetProperty("phase").GetString() == "paused");

        using var again = await service.Http.PostAsync("/api/v1/torrents", new ByteArrayContent(_content.BuildTorrent([]))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/x-bittorrent") },
        });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        using var resumed = await service.Http.PostAsync("/api/v1/torrents/1/actions/resume", null);
        Assert.Equal(HttpStatusCode.NoContent, resumed.StatusCode);
        await service.Until(1, t => t.GetProperty("phase").GetString() == "seeding");

        using var removed = await service.Http.DeleteAsync("/api/v1/torrents/1?withData=true");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await service.Http.GetAsync("/api/v1/torrents/1");
        await ServiceUnderTest.ProblemAsync(gone, 404);
        Assert.False(Directory.Exists(Path.Combine(service.Downloads, "content")));
    }

    [Fact]
    public async Task Entity_tags_save_answers_and_guard_changes()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);
        await service.Http.PostAsync("/api/v1/torrents/1/actions/pause", null);
        await service.Until(1, t => t.GetProperty("phase").GetString() == "paused");
        // What is on its way still changes it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        EntityTagHeaderValue? tag = null, listTag = null;
        await Poll.Until(
            "nothing changes",
            async () =>
            {
                using var one = await SendAsync(service, HttpMethod.Get, "/api/v1/torrents/1", r => Add(r, tag));
                using var all = await SendAsync(service, HttpMethod.Get, "/api/v1/torrents", r => Add(r, listTag));
                tag = one.Headers.ETag;
                listTag = all.Headers.ETag;
                if (one.StatusCode != HttpStatusCode.NotModified || all.StatusCode != HttpStatusCode.NotModified)
                    return false;
                Assert.Empty(await one.Content.ReadAsByteArrayAsync());
                return true;
            },
            patience.Token);

        using var change = await SendAsync(service, HttpMethod.Patch, "/api/v1/torrents/1", r => r.Headers.IfMatch.Add(tag!), new { labels = new[] { "mine" } });
        var now = await ServiceUnderTest.JsonAsync(change);
        Assert.Equal("mine", now.GetProperty("labels")[0].GetString());

        // Somebody else changed it since the first tag.
        using var late = await SendAsync(service, HttpMethod.Patch, "/api/v1/torrents/1", r => r.Headers.IfMatch.Add(tag!), new { labels = new[] { "theirs" } });
        await ServiceUnderTest.ProblemAsync(late, 412);
        using var lateRemoval = await SendAsync(service, HttpMethod.Delete, "/api/v1/torrents/1", r => r.Headers.IfMatch.Add(tag!));
        await ServiceUnderTest.ProblemAsync(lateRemoval, 412);
        Assert.Equal("mine", (await service.GetAsync("/api/v1/torrents/1")).GetProperty("labels")[0].GetString());

        using var changedList = await SendAsync(service, HttpMethod.Get, "/api/v1/torrents", r => r.Headers.IfNoneMatch.Add(listTag!));
        Assert.Equal(HttpStatusCode.OK, changedList.StatusCode);
        using var any = await SendAsync(service, HttpMethod.Delete, "/api/v1/torrents/1", r => r.Headers.IfMatch.Add(EntityTagHeaderValue.Any));
        Assert.Equal(HttpStatusCode.NoContent, any.StatusCode);
    }

    [Fact]
    public async Task Faults_and_actors_are_told()
    {
        await using var dying = await StubPeer.StartAsync(PeerScript.Dies(200_000, TransferEnding.Reset), _content.InfoHash, _content);
        await using var refusing = await StubPeer.StartAsync(PeerScript.Refuses(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);
        using var named = await service.Http.PostAsync("/api/v1/torrents/1/peers", JsonContent.Create(new { peers = new[] { dying.EndPoint.ToString(), refusing.EndPoint.ToString() } }));
        Assert.Equal(HttpStatusCode.NoContent, named.StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Poll.Until(
            "both faults are told",
            async () => (await service.GetAsync("/api/v1/faults?cause=reset")).GetArrayLength() > 0
                && (await service.GetAsync("/api/v1/faults?cause=refused")).GetArrayLength() > 0,
            patience.Token);

        var all = await service.GetAsync("/api/v1/faults");
        var reset = (await service.GetAsync("/api/v1/faults?cause=reset&phase=transfer&action=restart"))[0];
        Assert.Equal(dying.EndPoint.ToString(), reset.GetProperty("address").GetString());
        Assert.True(reset.GetProperty("delay").GetDouble() > 0);
        Assert.Equal(_content.InfoHash.ToString(), reset.GetProperty("torrent").GetString());
        Assert.Equal(0, (await service.GetAsync("/api/v1/faults?cause=flood")).GetArrayLength());
        Assert.Equal(0, (await service.GetAsync($"/api/v1/faults?torrent={new string('0', 40)}")).GetArrayLength());
        Assert.Single((await service.GetAsync("/api/v1/faults?limit=1")).EnumerateArray());
        var first = all[0].GetProperty("number").GetInt64();
        Assert.DoesNotContain((await service.GetAsync($"/api/v1/faults?after={first}")).EnumerateArray(), f => f.GetProperty("number").GetInt64() <= first);

        var actors = await service.GetAsync("/api/v1/actors");
        var tree = actors.GetProperty("actors").EnumerateArray().ToList();
        Assert.Equal(actors.GetProperty("total").GetInt32(), tree.Count);
        Assert.Contains(tree, a => a.GetProperty("kind").GetString() == "peer" && a.GetProperty("restarts").GetInt32() > 0 && a.GetProperty("lastFault").GetString() is not null);
        Assert.All(tree, a => Assert.True(a.GetProperty("mailboxDepth").GetInt32() >= 0));
        // Each after its parent.
        Assert.All(tree.Skip(1), a => Assert.Contains(
            tree.TakeWhile(other => other.GetProperty("path").GetString() != a.GetProperty("path").GetString()),
            other => ParentOf(a.GetProperty("path").GetString()!) == other.GetProperty("path").GetString()));

        var session = await service.GetAsync("/api/v1/session");
        Assert.Equal(1, session.GetProperty("torrents").GetInt32());
        using var limited = await service.Http.PatchAsync("/api/v1/session", JsonContent.Create(new { downloadLimit = 1_000_000 }));
        Assert.Equal(1_000_000, (await ServiceUnderTest.JsonAsync(limited)).GetProperty("downloadLimit").GetInt64());
    }

    [Fact]
    public async Task Torrents_are_made_of_files_below_open_folders_only()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        Directory.CreateDirectory(service.Downloads);
        await _content.WriteFilesAsync(service.Downloads);

        using var made = await service.Http.PostAsync("/api/v1/create", JsonContent.Create(new
        {
            path = Path.Combine(service.Downloads, "content"),
            pieceLength = 64 << 10,
            trackers = new[] { "http://tracker.invalid/announce" },
        }));
        var created = await ServiceUnderTest.JsonAsync(made);
        Assert.Equal(_content.InfoHash.ToString(), created.GetProperty("infoHash").GetString());

        File.CreateSymbolicLink(Path.Combine(service.Downloads, "way-out"), "/etc");
        foreach (var path in new[] { "/etc/hostname", Path.Combine(service.Downloads, "..", ".."), Path.Combine(service.Downloads, "way-out", "hostname") })
        {
            using var refused = await service.Http.PostAsync("/api/v1/create", JsonContent.Create(new { path }));
            await ServiceUnderTest.ProblemAsync(refused, 403);
        }
        using var relative = await service.Http.PostAsync("/api/v1/create", JsonContent.Create(new { path = "content" }));
        Assert.Equal("/path", (await ServiceUnderTest.ProblemAsync(relative, 400)).GetProperty("pointer").GetString());
        using var nothing = await service.Http.PostAsync("/api/v1/create", JsonContent.Create(new { path = Path.Combine(service.Downloads, "nothing") }));
        await ServiceUnderTest.ProblemAsync(nothing, 400);
    }

    [Fact]
    public async Task Peers_are_probed()
    {
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using var refusing = await StubPeer.StartAsync(PeerScript.Refuses(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();

        using var answer = await service.Http.PostAsync("/api/v1/probe", JsonContent.Create(new
        {
            infoHash = _content.InfoHash.ToString(),
            peers = new[] { healthy.EndPoint.ToString(), refusing.EndPoint.ToString() },
        }));

        var results = (await ServiceUnderTest.JsonAsync(answer)).EnumerateArray().ToDictionary(r => r.GetProperty("address").GetString()!, r => r.GetProperty("outcome").GetString());
        Assert.Equal("ok", results[healthy.EndPoint.ToString()]);
        Assert.Equal("refused", results[refusing.EndPoint.ToString()]);
    }

    [Theory]
    [InlineData("POST", "/api/v1/torrents", "{}", 400)]
    [InlineData("POST", "/api/v1/torrents", "{\"magnet\":\"magnet:?xt=urn:btih:x\"}", 400)]
    [InlineData("POST", "/api/v1/torrents", "{\"torrent\":\"AAAA\"}", 400)]
    [InlineData("POST", "/api/v1/torrents", "[1", 400)]
    [InlineData("POST", "/api/v1/torrents", "{\"a\":1,\"a\":2}", 400)]
    [InlineData("POST", "/api/v1/probe", "{\"infoHash\":\"x\",\"peers\":[]}", 400)]
    [InlineData("PATCH", "/api/v1/session", "{\"downloadLimit\":-1}", 400)]
    [InlineData("PATCH", "/api/v1/session", "{\"unknown\":1}", 400)]
    [InlineData("PATCH", "/api/v1/torrents/99", "{}", 404)]
    [InlineData("DELETE", "/api/v1/torrents/99", null, 404)]
    [InlineData("POST", "/api/v1/torrents/99/actions/pause", null, 404)]
    [InlineData("GET", "/api/v1/torrents/99/files/0/content", null, 404)]
    [InlineData("GET", "/api/v1/torrents/not-a-torrent", null, 404)]
    [InlineData("GET", "/api/v1/faults?limit=x", null, 400)]
    [InlineData("GET", "/api/v1/nothing/here", null, 404)]
    [InlineData("GET", "/nothing", null, 404)]
    [InlineData("DELETE", "/api/v1/torrents", null, 405)]
    [InlineData("PUT", "/api/v1/torrents/1", null, 405)]
    [InlineData("POST", "/metrics", null, 405)]
    public async Task What_cannot_be_done_is_told_as_a_problem(string method, string path, string? body, int status)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await service.Http.SendAsync(request);
        await ServiceUnderTest.ProblemAsync(answer, status);
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Count > 0);
    }

    private static void Add(HttpRequestMessage request, EntityTagHeaderValue? tag)
    {
        if (tag is not null)
            request.Headers.IfNoneMatch.Add(tag);
    }

    private static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "";

    private static async Task<HttpResponseMessage> SendAsync(
        ServiceUnderTest service, HttpMethod method, string path, Action<HttpRequestMessage> with, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        with(request);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await service.Http.SendAsync(request);
    }
}
