using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using ActorTorrent.Lab.Data;
using ActorTorrent.Service.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>Bodies, paths and queries that nobody sends on purpose: told as a problem, never a failure of ours.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Names =
    [
        "torrent", "magnet", "folder", "paused", "labels", "maxPeers", "sequential", "files", "peers", "downloadLimit", "uploadLimit", "ratioLimit",
        "queuePosition", "moveFiles", "isAltOn", "path", "trackers", "webSeeds", "private", "pieceLength", "comment", "source", "infoHash",
        "connectTimeout", "handshakeTimeout", "method", "arguments", "tag", "ids", "fields", "filename", "metainfo", "x", "", "\u0000", "a/b~c",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1e400", "99999999999999999999", "0.5", "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "\"..\"", "\"/etc\"", "[]", "{}",
        "[null]", "[[]]", "{\"0\":\"high\"}", "{\"-1\":\"high\"}", "{\"0\":7}", "\"AAAA\"", "\"magnet:?xt=urn:btih:\"", "\"127.0.0.1:1\"", "[\"127.0.0.1:1\"]", "[\"\\ud800\"]",
        "\"0000000000000000000000000000000000000000\"", "[1,2,3]", "\"recently-active\"", "16384",
    ];

    private static readonly (string Method, string Path)[] Targets =
    [
        ("POST", "/api/v1/torrents"), ("PATCH", "/api/v1/torrents/1"), ("PATCH", "/api/v1/session"), ("POST", "/api/v1/create"), ("POST", "/api/v1/probe"),
        ("POST", "/api/v1/torrents/1/actions/pause"), ("POST", "/api/v1/torrents/1/actions/x"), ("PUT", "/api/v1/torrents/1"), ("POST", "/transmission/rpc"),
    ];

    private static readonly string[] Reads =
    [
        "/api/v1/torrents/{0}", "/api/v1/torrents/{0}/files", "/api/v1/torrents/1/files/{0}/content", "/api/v1/faults?after={0}", "/api/v1/faults?limit={0}&cause={0}",
        "/api/v1/actors?limit={0}", "/api/v1/{0}", "/{0}", "/api/v1/torrents/1/actions/{0}",
    ];

    private readonly GeneratedContent _content = new("content", 47, 64 << 10, [new("file.bin", 100_000)]);

    [Fact]
    public async Task Nothing_that_is_sent_breaks_the_service()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);
        var times = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1" ? 20_000 : 1500;
        var counts = new SortedDictionary<int, int>();
        string? session = null;

        var cases = Gen.Frequency(
            (4, from target in Gen.Elements(Targets)
                from body in Body()
                from type in Gen.Frequency((9, Gen.Constant("application/json")), (1, Gen.Elements("text/plain", "application/x-bittorrent", "multipart/form-data", "x")))
                select new Request(target.Method, target.Path, body, type)),
            (1, from path in Gen.Elements(Reads)
                from text in Text()
                select new Request("GET", string.Format(CultureInfo.InvariantCulture, path, Uri.EscapeDataString(text)), null, null)));

        Prop.ForAll(cases.ToArbitrary(), request =>
        {
            var (status, type, text) = SendAsync(service, request, session).GetAwaiter().GetResult();
            if (status == 409 && request.Path == "/transmission/rpc")
                session ??= SessionIdAsync(service).GetAwaiter().GetResult();
            counts[status] = counts.GetValueOrDefault(status) + 1;
            Assert.True(status < 500, $"{status} {text}\n{request}");
            if (status >= 400 && request.Path.StartsWith("/api/", StringComparison.Ordinal))
                Assert.True(type == "application/problem+json", $"{status} {type} {text}\n{request}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

        output.WriteLine($"{times} requests: {string.Join(", ", counts.Select(pair => $"{pair.Key} × {pair.Value}"))}");
        // It is all there still.
        await service.GetAsync("/api/v1/session");
    }

    [Theory]
    [InlineData("PATCH", "/api/v1/session", """{"\ud800":1}""")]
    [InlineData("POST", "/api/v1/torrents", """{"magnet":"\ud800"}""")]
    [InlineData("POST", "/transmission/rpc", """{"method":"\ud800"}""")]
    [InlineData("POST", "/transmission/rpc", """{"method":"torrent-get","arguments":{"fields":["id","\udfff"]}}""")]
    public async Task Half_a_surrogate_pair_is_refused(string method, string path, string body)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var request = new Request(method, path, Encoding.UTF8.GetBytes(body), "application/json");
        var (status, type, text) = await SendAsync(service, request, await SessionIdAsync(service));
        Assert.True(status == 400 && type == "application/problem+json", $"{status} {type} {text}");
    }

    private static Gen<byte[]> Body() => Gen.Frequency(
        (6, from count in Gen.Choose(0, 5)
            from members in (from name in Gen.Elements(Names)
                             from value in Value(2)
                             select $"{System.Text.Json.JsonSerializer.Serialize(name)}:{value}").ListOf(count)
            select Encoding.UTF8.GetBytes("{" + string.Join(',', members) + "}")),
        (1, Value(3).Select(Encoding.UTF8.GetBytes)),
        (1, from text in Value(3)
            from cut in Gen.Choose(0, 60)
            select Encoding.UTF8.GetBytes(text)[..Math.Min(cut, Encoding.UTF8.GetByteCount(text))]),
        (1, Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf()),
        (1, Gen.Choose(1, 5000).Select(depth => Encoding.UTF8.GetBytes(new string('[', depth)))));

    private static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements(Values)
        : Gen.Frequency(
            (5, Gen.Elements(Values)),
            (1, Value(depth - 1).ListOf().Select(items => $"[{string.Join(',', items.Take(5))}]")),
            (1, from name in Gen.Elements(Names)
                from value in Value(depth - 1)
                select $"{{{System.Text.Json.JsonSerializer.Serialize(name)}:{value}}}"));

    private static Gen<string> Text() => Gen.OneOf(
        Gen.Elements("1", "0", "-1", "99999999999999999999", "..", "%00", "a b", "\ud83d\ude00", "<script>", "1e9", "0x1", new string('a', 3000)),
        Gen.Choose(32, 0x2fff).Select(c => (char)c).ArrayOf().Select(chars => new string(chars)));

    private static async Task<(int Status, string? Type, string Text)> SendAsync(ServiceUnderTest service, Request request, string? session)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (session is not null)
            message.Headers.TryAddWithoutValidation("X-Transmission-Session-Id", session);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(request.Type, out var type) ? type : null;
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = await service.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        // Of a file that waits for its pieces the head says enough.
        var text = (int)answer.StatusCode >= 400 ? await answer.Content.ReadAsStringAsync(patience.Token) : "";
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text);
    }

    private static async Task<string?> SessionIdAsync(ServiceUnderTest service)
    {
        using var answer = await service.Http.PostAsync("/transmission/rpc", null);
        return answer.Headers.TryGetValues("X-Transmission-Session-Id", out var ids) ? ids.First() : null;
    }

    private sealed record Request(string Method, string Path, byte[]? Body, string? Type)
    {
        public override string ToString() => $"{Method} {Path} {Type}\n{(Body is null ? "" : Encoding.UTF8.GetString(Body))}";
    }
}
