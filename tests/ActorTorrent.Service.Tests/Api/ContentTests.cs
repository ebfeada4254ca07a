using System.Net;
using System.Net.Http.Headers;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;

namespace ActorTorrent.Service.Tests.Api;

/// <summary>Files over HTTP while they download.</summary>
public sealed class ContentTests
{
    private const string First = "/api/v1/torrents/1/files/0/content";
    private const string Second = "/api/v1/torrents/1/files/1/content";

    private readonly GeneratedContent _content = new("content", 43, 64 << 10, [new("film.mp4", 4_000_000), new("page.html", 70_000)]);

    [Fact]
    public async Task The_middle_comes_before_the_rest_is_there()
    {
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(600_000), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content, slow.EndPoint.ToString());
        await service.Until(1, t => t.GetProperty("phase").GetString() == "downloading");

        using var answer = await RangeAsync(service, First, 3_000_000, 3_299_999);
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("bytes 3000000-3299999/4000000", answer.Content.Headers.ContentRange?.ToString());
        Assert.Equal("video/mp4", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Expected(3_000_000, 300_000), bytes);
        var progress = (await service.GetAsync("/api/v1/torrents/1")).GetProperty("progress").GetDouble();
        Assert.True(progress < 0.9, $"it came when {progress:P0} was there");
    }

    [Fact]
    public async Task Ranges_as_the_standard_has_them()
    {
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content, healthy.EndPoint.ToString());

        using var whole = await service.Http.GetAsync(First);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal("bytes", whole.Headers.AcceptRanges.Single());
        Assert.Equal(Expected(0, 4_000_000), await whole.Content.ReadAsByteArrayAsync());
        var tag = whole.Headers.ETag!;

        foreach (var (range, from, length) in new[]
        {
            ("bytes=0-0", 0, 1),
            ("bytes=3999990-", 3_999_990, 10),
            ("bytes=-10", 3_999_990, 10),
            ("bytes=3999990-9999999", 3_999_990, 10),
            ("bytes=65535-65536", 65_535, 2),
        })
        {
            using var part = await SendAsync(service, HttpMethod.Get, First, range);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(Expected(from, length), await part.Content.ReadAsByteArrayAsync());
        }
        foreach (var range in new[] { "bytes=4000000-", "bytes=9000000-9000001", "bytes=-0" })
        {
            using var outside = await SendAsync(service, HttpMethod.Get, First, range);
            await ServiceUnderTest.ProblemAsync(outside, (int)HttpStatusCode.RequestedRangeNotSatisfiable);
            Assert.Equal("bytes */4000000", outside.Content.Headers.ContentRange?.ToString());
        }
        foreach (var range in new[] { "bytes=1-0", "lines=1-2", "bytes=0-1,4-5", "bytes=x" })
        {
            using var ignored = await SendAsync(service, HttpMethod.Head, First, range);
            Assert.Equal(HttpStatusCode.OK, ignored.StatusCode);
            Assert.Equal(4_000_000, ignored.Content.Headers.ContentLength);
        }
        using var head = await SendAsync(service, HttpMethod.Head, First, "bytes=5-9");
        Assert.Equal(HttpStatusCode.PartialContent, head.StatusCode);
        Assert.Equal(5, head.Content.Headers.ContentLength);
        using var same = await SendAsync(service, HttpMethod.Get, First, null, r => r.Headers.IfNoneMatch.Add(tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var stillThis = await SendAsync(service, HttpMethod.Get, First, "bytes=0-9", r => r.Headers.IfRange = new RangeConditionHeaderValue(tag));
        Assert.Equal(HttpStatusCode.PartialContent, stillThis.StatusCode);
        using var other = await SendAsync(service, HttpMethod.Head, First, "bytes=0-9", r => r.Headers.IfRange = new RangeConditionHeaderValue("\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_strangers_page_does_not_act_in_our_name()
    {
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content, healthy.EndPoint.ToString());

        using var page = await service.Http.GetAsync(Second);

        Assert.Equal("application/octet-stream", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", page.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("sandbox;", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_will_not_come_is_a_problem()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);
        using var missing = await service.Http.GetAsync("/api/v1/torrents/1/files/2/content");
        await ServiceUnderTest.ProblemAsync(missing, 404);
        using var unwanted = await service.Http.PatchAsync("/api/v1/torrents/1", new StringContent("{\"files\":{\"0\":\"skip\"}}", new MediaTypeHeaderValue("application/json")));
        unwanted.EnsureSuccessStatusCode();
        await service.Until(1, t => t.GetProperty("phase").GetString() == "downloading");

        using var refused = await service.Http.GetAsync(First);

        await ServiceUnderTest.ProblemAsync(refused, 409);
    }

    [Fact]
    public async Task A_removed_torrent_ends_its_readers()
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);
        await service.Until(1, t => t.GetProperty("phase").GetString() == "downloading");
        using var waiting = await service.Http.GetAsync(First, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, waiting.StatusCode);

        using var removed = await service.Http.DeleteAsync("/api/v1/torrents/1");

        // The head was sent; that the body ends before its length says it.
        await Assert.ThrowsAnyAsync<Exception>(() => waiting.Content.ReadAsByteArrayAsync().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private byte[] Expected(long from, int length)
    {
        var bytes = new byte[length];
        _content.Read(from, bytes);
        return bytes;
    }

    private static Task<HttpResponseMessage> RangeAsync(ServiceUnderTest service, string path, long from, long to) =>
        SendAsync(service, HttpMethod.Get, path, FormattableString.Invariant($"bytes={from}-{to}"));

    private static async Task<HttpResponseMessage> SendAsync(
        ServiceUnderTest service, HttpMethod method, string path, string? range, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (range is not null)
            request.Headers.TryAddWithoutValidation("Range", range);
        with?.Invoke(request);
        return await service.Http.SendAsync(request);
    }
}
