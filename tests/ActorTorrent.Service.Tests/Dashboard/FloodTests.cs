using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace ActorTorrent.Service.Tests.Dashboard;

/// <summary>Flood, a web page that people steer transmission by, steers our service in a real browser.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    // The last one that runs on Node 20.
    private const string Version = "4.11.0";

    private readonly GeneratedContent _content = new("A film", 61, 64 << 10, [new("film.bin", 2_000_000)]);

    [Fact]
    public Task Flood_adds_watches_and_removes_a_torrent() => Stage.Play(output, TimeSpan.FromMinutes(3), async stage =>
    {
        var folder = await Npm.InstallAsync(stage, "flood", Version);
        await using var healthy = await StubPeer.StartAsync(PeerScript.Healthy(1 << 20), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        var port = FreePort.Next();
        stage.Start(
            "flood",
            "node",
            [
                Path.Combine(folder, "dist", "index.js"), "--auth=none", "--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture),
                "--rundir", stage.Folder.Make("flood"), "--trurl", new Uri(service.Url, "/transmission/rpc").ToString(), "--truser", "x", "--trpass", "x",
            ]);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var home = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/");
        await Poll.Until(
            "flood answers",
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(home, stage.Deadline);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            stage.Deadline);
        await using var browser = await Chromium.StartAsync();
        var (page, _) = await browser.OpenAsync(home, 1280, 900);

        // Added through Flood, in the session of its page.
        await Expect(page.GetByText("Search torrents").Or(page.GetByPlaceholder("Search torrents")).First).ToBeVisibleAsync();
        var added = await page.EvaluateAsync<int>(
            """
            async ([file, destination]) => (await fetch('api/torrents/add-files', {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ files: [file], destination, tags: ['films'], start: true }),
            })).status
            """,
            new[] { Convert.ToBase64String(_content.BuildTorrent([])), service.Downloads });
        Assert.Equal(200, added);
        await Poll.Until("the service has it", async () => (await service.Session.ListAsync()).Count == 1, stage.Deadline);
        var view = (await service.Session.ListAsync()).Single();
        Assert.Equal(["films"], view.Settings.Labels);
        service.Session.Tell(view, new Engine.Coordination.CoordinatorProtocol.AddPeers([healthy.EndPoint]));

        // Watched in its page until it is complete.
        var row = page.Locator(".torrent").First;
        await Expect(row).ToContainTextAsync("A film");
        await Expect(page.Locator(".sidebar-filter__item").Filter(new() { HasText = "Complete" }).First).ToContainTextAsync("1");
        Assert.True(view.Id == 1 && (await service.GetAsync("/api/v1/torrents/1")).GetProperty("progress").GetDouble() >= 1);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Chromium.Screenshots, "flood.png") });

        // Removed with its data: chosen, the minus at the end of its bar, the question, in which "Delete data" is ticked from the first.
        Assert.True(File.Exists(Path.Combine(service.Downloads, "A film", "film.bin")));
        await row.ClickAsync(new LocatorClickOptions { Force = true });
        await page.Mouse.ClickAsync(1247, 15);
        await Expect(page.GetByText("Delete data", new() { Exact = true }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes" }).First.ClickAsync();
        await Poll.Until("the service let it go", async () => (await service.Session.ListAsync()).Count == 0, stage.Deadline);
        Assert.False(Path.Exists(Path.Combine(service.Downloads, "A film")));
    });
}
