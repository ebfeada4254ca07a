using System.Net;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

/// <summary>What Debian's client, version 16, cannot say, by raw JSON.</summary>
public sealed class TransmissionRpcTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The fields of torrent-get by the public specification of version 17.</summary>
    private static readonly string[] Fields =
    [
        "activityDate", "addedDate", "availability", "bandwidthPriority", "comment", "corruptEver", "creator", "dateCreated", "desiredAvailable", "doneDate", "downloadDir",
        "downloadedEver", "downloadLimit", "downloadLimited", "editDate", "error", "errorString", "eta", "etaIdle", "file-count", "files", "fileStats", "group", "hashString",
        "haveUnchecked", "haveValid", "honorsSessionLimits", "id", "isFinished", "isPrivate", "isStalled", "labels", "leftUntilDone", "magnetLink", "manualAnnounceTime",
        "maxConnectedPeers", "metadataPercentComplete", "name", "peer-limit", "peers", "peersConnected", "peersFrom", "peersGettingFromUs", "peersSendingToUs", "percentComplete",
        "percentDone", "pieces", "pieceCount", "pieceSize", "priorities", "primary-mime-type", "queuePosition", "rateDownload", "rateUpload", "recheckProgress", "secondsDownloading",
        "secondsSeeding", "seedIdleLimit", "seedIdleMode", "seedRatioLimit", "seedRatioMode", "sizeWhenDone", "startDate", "status", "trackers", "trackerList", "trackerStats",
        "totalSize", "torrentFile", "uploadedEver", "uploadLimit", "uploadLimited", "uploadRatio", "wanted", "webseeds", "webseedsSendingToUs",
    ];

    private static JsonObject Metainfo(byte[] torrent) => new() { ["metainfo"] = Convert.ToBase64String(torrent) };

    [Fact]
    public Task The_handshake_comes_first_and_errors_say_what_Transmission_says() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage);
        var rpc = new Rpc(service.Http);
        using (var refused = await service.Http.PostAsync("/transmission/rpc", new StringContent("{}"), stage.Deadline))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Single(refused.Headers.GetValues(Rpc.SessionHeader));
        }
        var tagged = await rpc.Answer("session-get", tag: 4711);
        Assert.Equal(4711, (int?)tagged["tag"]);
        Assert.Equal("no method name", (string?)(await rpc.Answer(method: null))["result"]);
        Assert.Equal("method name not recognized", (string?)(await rpc.Answer("torrent-eat"))["result"]);
        Assert.Equal("no fields specified", (string?)(await rpc.Answer("torrent-get"))["result"]);
        Assert.Equal("no filename or metainfo specified", (string?)(await rpc.Answer("torrent-add"))["result"]);
        Assert.Equal("invalid or corrupt torrent file", (string?)(await rpc.Answer("torrent-add", new() { ["metainfo"] = "ZDM6Zm9v" }))["result"]);
        Assert.Equal("invalid or corrupt torrent file", (string?)(await rpc.Answer("torrent-add", new() { ["metainfo"] = "%%%" }))["result"]);
        Assert.Equal(
            "download directory path is not absolute",
            (string?)(await rpc.Answer("torrent-add", new() { ["metainfo"] = Convert.ToBase64String(SampleTorrent.Of("x", [1, 2, 3])), ["download-dir"] = "relative" }))["result"]);
        Assert.Equal("no location", (string?)(await rpc.Answer("torrent-set-location"))["result"]);
        Assert.Equal("torrent-rename-path requires 1 torrent", (string?)(await rpc.Answer("torrent-rename-path", new() { ["path"] = "a", ["name"] = "b" }))["result"]);
        foreach (var body in (string[])["", "[", "[]", "3", "{\"method\": ", "\u0000", new string('[', 200)])
        {
            using var answer = await rpc.Post(body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
        // Arguments of another type than they have to be count as not given.
        foreach (var arguments in (JsonNode[])[new JsonArray(), "text", 7, new JsonObject { ["ids"] = new JsonObject(), ["fields"] = new JsonArray(1, true), ["format"] = 3 }])
        {
            using var answer = await rpc.Post(new JsonObject { ["method"] = "torrent-get", ["arguments"] = arguments.DeepClone() }.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    });

    [Fact]
    public Task Every_field_of_version_17_is_answered_as_objects_and_as_a_table() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage);
        var rpc = new Rpc(service.Http);
        var torrent = SampleTorrent.Make(service.Downloads, "sample.mkv", 100_000, seed: 1, "http://127.0.0.1:9/announce", "udp://127.0.0.1:9/announce");
        var added = (await rpc.Call("torrent-add", Metainfo(torrent)))["torrent-added"]!;
        Assert.Equal(1, (int?)added["id"]);
        Assert.Equal(SampleTorrent.HashOf(torrent).ToString(), (string?)added["hashString"]);
        Assert.Equal(1, (int?)(await rpc.Call("torrent-add", Metainfo(torrent)))["torrent-duplicate"]!["id"]);
        await Poll.Until("it seeds", async () => (int?)await rpc.Field("status") == 6, stage.Deadline);
        var all = new JsonArray([.. Fields.Select(static field => (JsonNode)field)]);
        var one = (await rpc.Call("torrent-get", new() { ["fields"] = all.DeepClone() }))["torrents"]![0]!.AsObject();
        Assert.Equal(Fields.Order(StringComparer.Ordinal), one.Select(static field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(100_000, (long?)one["haveValid"]);
        Assert.Equal(1, (double?)one["percentComplete"]);
        Assert.Equal(-1, (double?)one["eta"]);
        Assert.Equal(0, (double?)one["uploadRatio"]);
        Assert.Equal("video/x-matroska", (string?)one["primary-mime-type"]);
        Assert.Equal("8A==", (string?)one["pieces"]);
        Assert.Equal("[-1,-1,-1,-1]", one["availability"]!.ToJsonString());
        Assert.Equal("http://127.0.0.1:9/announce\n\nudp://127.0.0.1:9/announce\n", (string?)one["trackerList"]);
        Assert.Equal("http://127.0.0.1:9/scrape", (string?)one["trackers"]![0]!["scrape"]);
        Assert.True(File.Exists((string?)one["torrentFile"]));
        Assert.True((bool?)one["files"]![0]!["bytesCompleted"]!.GetValue<long>().Equals(100_000));

        var table = (await rpc.Call("torrent-get", new() { ["fields"] = all.DeepClone(), ["format"] = "table" }))["torrents"]!.AsArray();
        Assert.Equal(2, table.Count);
        Assert.Equal(Fields, table[0]!.AsArray().Select(static name => (string)name!));
        Assert.Equal(one["hashString"]!.ToJsonString(), table[1]![Array.IndexOf(Fields, "hashString")]!.ToJsonString());

        var recent = await rpc.Call("torrent-get", new() { ["ids"] = "recently-active", ["fields"] = new JsonArray("id") });
        Assert.Equal("[{\"id\":1}]", recent["torrents"]!.ToJsonString());
        await rpc.Call("torrent-remove", new() { ["ids"] = new JsonArray((string)added["hashString"]!) });
        recent = await rpc.Call("torrent-get", new() { ["ids"] = "recently-active", ["fields"] = new JsonArray("id") });
        Assert.Equal("[1]", recent["removed"]!.ToJsonString());
        Assert.True(File.Exists(Path.Combine(service.Downloads, "sample.mkv")));
    });

    [Fact]
    public Task Renames_groups_trackers_queue_and_free_space() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage);
        var rpc = new Rpc(service.Http);
        for (var n = 1; n <= 3; n++)
            await rpc.Call("torrent-add", Metainfo(SampleTorrent.Make(service.Downloads, $"file-{n}.bin", 50_000, n)));
        await Poll.Until("the first seeds", async () => (int?)await rpc.Field("status") == 6, stage.Deadline);

        var renamed = await rpc.Call("torrent-rename-path", new() { ["ids"] = new JsonArray(1), ["path"] = "file-1.bin", ["name"] = "new name.bin" });
        Assert.Equal("{\"id\":1,\"name\":\"new name.bin\",\"path\":\"file-1.bin\"}", renamed.ToJsonString());
        Assert.True(File.Exists(Path.Combine(service.Downloads, "new name.bin")));
        await Poll.Until("it seeds under its new name", async () => (int?)await rpc.Field("status") == 6 && (string?)await rpc.Field("name") == "new name.bin", stage.Deadline);
        foreach (var bad in (string[])["", "..", "a/b"])
            Assert.NotEqual("success", (string?)(await rpc.Answer("torrent-rename-path", new() { ["ids"] = new JsonArray(1), ["path"] = "new name.bin", ["name"] = bad }))["result"]);

        await rpc.Call("group-set", new() { ["name"] = "slow", ["speed-limit-down"] = 10, ["speed-limit-down-enabled"] = true });
        Assert.Equal(
            "[{\"honorsSessionLimits\":true,\"name\":\"slow\",\"speed-limit-down\":10,\"speed-limit-down-enabled\":true,\"speed-limit-up\":0,\"speed-limit-up-enabled\":false}]",
            (await rpc.Call("group-get"))["group"]!.ToJsonString());
        await rpc.Call("torrent-set", new() { ["ids"] = new JsonArray(2), ["group"] = "slow", ["labels"] = new JsonArray("a", "b"), ["trackerList"] = "http://127.0.0.1:9/a/announce\nhttp://127.0.0.1:9/b/announce\n\nudp://127.0.0.1:9/c" });
        Assert.Equal("slow", (string?)await rpc.Field("group", 2));
        Assert.Equal("http://127.0.0.1:9/a/announce\nhttp://127.0.0.1:9/b/announce\n\nudp://127.0.0.1:9/c\n", (string?)await rpc.Field("trackerList", 2));
        Assert.Equal("labels cannot contain comma (,) character", (string?)(await rpc.Answer("torrent-set", new() { ["ids"] = 2, ["labels"] = new JsonArray("a,b") }))["result"]);

        await rpc.Call("queue-move-top", new() { ["ids"] = new JsonArray(3) });
        Assert.Equal("1 2 0", $"{await rpc.Field("queuePosition", 1)} {await rpc.Field("queuePosition", 2)} {await rpc.Field("queuePosition", 3)}");
        await rpc.Call("torrent-set", new() { ["ids"] = new JsonArray(3), ["queuePosition"] = 2 });
        Assert.Equal(2, (int)(await rpc.Field("queuePosition", 3))!);

        var space = await rpc.Call("free-space", new() { ["path"] = service.Downloads });
        Assert.True((long?)space["size-bytes"] > 0 && (long?)space["total_size"] >= (long?)space["size-bytes"]);
        foreach (var outside in (string[])["/etc", service.Downloads + "/../..", service.Downloads + "x"])
        {
            foreach (var (method, argument) in ((string, string)[])[("free-space", "path"), ("torrent-set-location", "location"), ("session-set", "download-dir"), ("session-set", "script-torrent-done-filename")])
                Assert.Contains("outside the folders", (string?)(await rpc.Answer(method, new() { ["ids"] = new JsonArray(1), [argument] = outside }))["result"], StringComparison.Ordinal);
        }
        Assert.Equal("{\"rpc-version\":17}", (await rpc.Call("session-get", new() { ["fields"] = new JsonArray("rpc-version") })).ToJsonString());
        Assert.StartsWith("Couldn't test port", (string?)(await rpc.Answer("port-test"))["result"], StringComparison.Ordinal);
        await rpc.Call("session-close");
        Assert.Equal(0, await service.Process.Exit(stage.Deadline));
    });

    [Fact]
    public Task As_Sonarr_does_it_add_with_a_label_poll_and_remove_with_data() => Stage.Play(output, Patience, async stage =>
    {
        await using var hook = new HookServer();
        var swarm = await SmallSwarm.Start(stage, "episode.mkv", 2 << 20);
        var data = stage.Folder.Make("data");
        var script = Path.Combine(data, "done.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nenv | grep ^TR_TORRENT | sort > \"$TR_TORRENT_DIR/../told\"\n", stage.Deadline);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var service = await ServeProcess.Start(stage, data, $$"""
            { "ActorTorrent": { "IncompleteFolder": "{{data}}/incomplete", "CompletionScript": "{{script}}", "CompletionHook": "{{hook.Url}}" } }
            """);
        var rpc = new Rpc(service.Http);
        var folder = Path.Combine(service.Downloads, "tv-sonarr");
        var session = await rpc.Call("session-get");
        Assert.True((int?)session["rpc-version"] >= 15 && (int?)session["rpc-version-minimum"] <= 15);
        Assert.Equal(service.Downloads, (string?)session["download-dir"]);
        await rpc.Call("torrent-add", new()
        {
            ["metainfo"] = Convert.ToBase64String(swarm.Torrent),
            ["download-dir"] = folder,
            ["labels"] = new JsonArray("tv-sonarr"),
            ["paused"] = false,
        });
        var hash = SampleTorrent.HashOf(swarm.Torrent).ToString();
        await rpc.Call("torrent-set", new()
        {
            ["ids"] = new JsonArray(hash),
            ["seedRatioLimit"] = 1.5,
            ["seedRatioMode"] = 1,
            ["seedIdleLimit"] = 60,
            ["seedIdleMode"] = 1,
        });
        await rpc.Call("queue-move-top", new() { ["ids"] = new JsonArray(hash) });
        await Poll.Until(
            "it is downloaded",
            async () =>
            {
                var state = (await rpc.Call("torrent-get", new()
                {
                    ["fields"] = new JsonArray("id", "hashString", "name", "downloadDir", "totalSize", "leftUntilDone", "isFinished", "eta", "status", "secondsDownloading", "errorString", "uploadedEver", "downloadedEver", "seedRatioLimit", "seedRatioMode", "seedIdleLimit", "seedIdleMode", "fileCount", "file-count", "labels"),
                }))["torrents"]![0]!;
                Assert.Equal(folder, (string?)state["downloadDir"]);
                Assert.Equal("[\"tv-sonarr\"]", state["labels"]!.ToJsonString());
                Assert.Equal((1.5, 1, 60, 1), ((double?)state["seedRatioLimit"], (int?)state["seedRatioMode"], (int?)state["seedIdleLimit"], (int?)state["seedIdleMode"]));
                return (long?)state["leftUntilDone"] == 0 && (int?)state["status"] == 6 && File.Exists(Path.Combine(folder, "episode.mkv"));
            },
            stage.Deadline);
        Assert.Equal(swarm.Content, await File.ReadAllBytesAsync(Path.Combine(folder, "episode.mkv"), stage.Deadline));
        await Poll.Until("the script ran", () => File.Exists(Path.Combine(service.Downloads, "told")) && new FileInfo(Path.Combine(service.Downloads, "told")).Length > 0, stage.Deadline);
        var told = await File.ReadAllTextAsync(Path.Combine(service.Downloads, "told"), stage.Deadline);
        Assert.Contains($"TR_TORRENT_DIR={folder}\n", told, StringComparison.Ordinal);
        Assert.Contains("TR_TORRENT_LABELS=tv-sonarr\n", told, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"episode.mkv\"", await hook.Body(stage.Deadline), StringComparison.Ordinal);
        var numbers = (await rpc.Call("session-stats"))["current-stats"]!;
        Assert.True((long?)numbers["downloadedBytes"] >= 2 << 20);
        Assert.Equal(1, (int?)numbers["filesAdded"]);
        await rpc.Call("torrent-remove", new() { ["ids"] = new JsonArray(hash), ["delete-local-data"] = true });
        Assert.False(File.Exists(Path.Combine(folder, "episode.mkv")));
        Assert.Empty((await rpc.Call("torrent-get", new() { ["fields"] = new JsonArray("id") }))["torrents"]!.AsArray());
    });
}
