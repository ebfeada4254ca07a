using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Options;
using ActorTorrent.Service.Security;
using ActorTorrent.Service.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace ActorTorrent.Service.Tests;

public sealed class AccessTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("http://127.0.0.1:9091", true)]
    [InlineData("http://127.8.8.8:1", true)]
    [InlineData("http://[::1]:9091/", true)]
    [InlineData("http://localhost:9091", true)]
    [InlineData("http://0.0.0.0:9091", false)]
    [InlineData("http://[::]:9091", false)]
    [InlineData("http://*:9091", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://192.168.1.2:9091", false)]
    [InlineData("http://seedbox:9091", false)]
    public void Nobody_listens_beyond_this_host_without_a_login(string url, bool isAllowed)
    {
        var settings = new ServiceSettings { DataFolder = "/d", DownloadFolder = "/d", Urls = [url] };
        var failure = Record.Exception(() => HostNames.CheckListening(settings));
        Assert.Equal(isAllowed, failure is null);
        HostNames.CheckListening(settings with { Access = new AccessSettings { TokenHash = SecretHash.Make("t") } });
    }

    [Theory]
    [InlineData("127.0.0.1:9091", true)]
    [InlineData("[::1]:9091", true)]
    [InlineData("localhost", true)]
    [InlineData("box.example.org", true)]
    [InlineData("a.lan", true)]
    [InlineData("lan", false)]
    [InlineData("evil.example.net", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public void Only_our_own_names_are_answered(string host, bool isOurs) =>
        Assert.Equal(isOurs, HostNames.IsOurs(new HostString(host), ["box.example.org", "*.lan"]));

    [Theory]
    [InlineData("/srv/media", true)]
    [InlineData("/srv/media/tv/x", true)]
    [InlineData("/srv/media/", true)]
    [InlineData("/srv/mediax", false)]
    [InlineData("/srv/media/../other", false)]
    [InlineData("/", false)]
    [InlineData("media", false)]
    public void Paths_stay_below_the_roots(string path, bool isAllowed) =>
        Assert.Equal(isAllowed, Record.Exception(() => PathGuard.Check(path, ["/srv/media"])) is null);

    [Fact]
    public void A_hash_is_salted_and_matches_its_secret_alone()
    {
        var (one, other) = (SecretHash.Make("secret"), SecretHash.Make("secret"));
        Assert.NotEqual(one, other);
        Assert.True(SecretHash.Matches("secret", one) && SecretHash.Matches("secret", other));
        Assert.False(SecretHash.Matches("Secret", one));
        Assert.False(SecretHash.IsHash("secret"));
    }

    [Fact]
    public void Failed_logins_are_forgotten_with_time_and_counted_by_network()
    {
        var time = new ManualTime();
        var failures = new FailedLogins(2, TimeSpan.FromMinutes(5), time);
        var address = IPAddress.Parse("2001:db8::1");
        failures.Add(address);
        Assert.Null(failures.Wait(address));
        time.Advance(TimeSpan.FromMinutes(1));
        failures.Add(IPAddress.Parse("2001:db8::2"));
        Assert.Equal(TimeSpan.FromMinutes(4), failures.Wait(address));
        Assert.Null(failures.Wait(IPAddress.Parse("2001:db8:0:1::1")));
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(failures.Wait(address));
    }

    [Fact]
    public Task A_login_is_asked_for_and_failures_are_limited() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage, config: $$"""
            { "ActorTorrent": { "Access": { "User": "me", "PasswordHash": "{{SecretHash.Make("open sesame")}}", "TokenHash": "{{SecretHash.Make("token-1")}}", "FailedLogins": 3 } } }
            """);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health/live", stage.Deadline)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(login: null));
        Assert.Equal(HttpStatusCode.Conflict, await Ask(Basic("me", "open sesame")));
        Assert.Equal(HttpStatusCode.Conflict, await Ask(new("Bearer", "token-1")));
        Assert.Equal(HttpStatusCode.Conflict, await Ask(Basic("anybody", "token-1")));
        // All at once: the time that one attempt takes is no time for others.
        AuthenticationHeaderValue[] bad = [Basic("me", "wrong"), Basic("you", "open sesame"), new("Bearer", "open sesame")];
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(attempt => Ask(bad[attempt % bad.Length])));
        Assert.Equal(3, answers.Count(static answer => answer == HttpStatusCode.Unauthorized));
        Assert.Equal(9, answers.Count(static answer => answer == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Ask(Basic("me", "open sesame")));

        async Task<HttpStatusCode> Ask(AuthenticationHeaderValue? login)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/transmission/rpc") { Headers = { Authorization = login } };
            using var response = await service.Http.SendAsync(request, stage.Deadline);
            return response.StatusCode;
        }

        static AuthenticationHeaderValue Basic(string user, string password) =>
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    });

    [Fact]
    public Task Foreign_names_pages_and_large_bodies_are_refused() => Stage.Play(output, Patience, async stage =>
    {
        var service = await ServeProcess.Start(stage, config: """{ "ActorTorrent": { "Access": { "Hosts": ["box.lan"], "MaxBodyBytes": 2048 } } }""");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await Ask(host: "evil.example"));
        Assert.Equal(HttpStatusCode.Conflict, await Ask(host: "box.lan"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(origin: "http://evil.example"));
        Assert.Equal(HttpStatusCode.Conflict, await Ask(origin: string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{service.Port}")));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(site: "cross-site"));
        Assert.Equal(HttpStatusCode.Conflict, await Ask(site: "same-origin"));
        var rpc = new Rpc(service.Http);
        await rpc.Call("session-get");
        using var large = await rpc.Post($"{{\"method\":\"{new string('x', 4096)}\"}}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        async Task<HttpStatusCode> Ask(string? host = null, string? origin = null, string? site = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/transmission/rpc");
            request.Headers.Host = host;
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
            using var response = await service.Http.SendAsync(request, stage.Deadline);
            return response.StatusCode;
        }
    });

    [Theory]
    [InlineData("""{ "ActorTorrent": { "Downlaods": "/x" } }""", "ActorTorrent:Downlaods is unknown")]
    [InlineData("""{ "ActorTorrent": { "PeerPort": 70000 } }""", "ActorTorrent:PeerPort is '70000'; allowed: a whole number from 0 to 65535")]
    [InlineData("""{ "ActorTorrent": { "Access": { "PasswordHash": "secret" } } }""", "allowed: what 'actortorrent password' prints")]
    [InlineData("""{ "ActorTorrent": { "Urls": "http://0.0.0.0:1" } }""", "nobody has to log in")]
    public Task A_bad_configuration_is_refused_by_key_file_and_range(string config, string expected) => Stage.Play(output, Patience, async stage =>
    {
        var service = ServeProcess.Launch(stage, FreePort.Next(), stage.Folder.Make("data"), config, urls: "");
        Assert.Equal(2, await service.Exit(stage.Deadline));
        Assert.Contains(expected, service.Everything(), StringComparison.Ordinal);
        if (!expected.Contains("log in", StringComparison.Ordinal))
            Assert.Contains("config-", service.Everything(), StringComparison.Ordinal);
    });
}
