using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Service.Tests.Support;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace ActorTorrent.Service.Tests.Dashboard;

/// <summary>The dashboard in a real browser, on a desk and on a phone.</summary>
public sealed partial class DashboardTests(ITestOutputHelper output)
{
    private const string AxeVersion = "4.10.3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly GeneratedContent _content = new("A film", 53, 64 << 10, [new("film.mp4", 6_000_000), new("notes.txt", 200_000)]);

    [Theory]
    [InlineData("desk", 1280, 900)]
    [InlineData("phone", 360, 740)]
    public Task A_torrent_is_added_watched_and_completes_while_peers_fail_and_return(string name, int width, int height) => Stage.Play(output, Patience, async stage =>
    {
        await using var dying = await StubPeer.StartAsync(
            PeerScript.Dies(100_000, TransferEnding.Reset, returnsAfter: TimeSpan.FromMilliseconds(100)) with { BytesPerSecond = 100_000 }, _content.InfoHash, _content);
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(100_000), _content.InfoHash, _content);
        await using var fast = await StubPeer.StartAsync(PeerScript.Healthy(), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var (page, complaints) = await browser.OpenAsync(service.Url.ToString(), width, height);
        await Expect(page.GetByText("No torrents yet")).ToBeVisibleAsync();

        // Added by the dialog; the peers are made known by the API, as a tracker would.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add torrent" }).ClickAsync();
        await page.GetByLabel("Torrent files").SetInputFilesAsync(new FilePayload { Name = "film.torrent", MimeType = "application/x-bittorrent", Buffer = _content.BuildTorrent([]) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        var row = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "A film" });
        await Expect(row).ToBeVisibleAsync();
        await Expect(page.GetByText("Added A film")).ToBeVisibleAsync();
        await Shot(page, name, "added");
        var view = (await service.Session.ListAsync()).Single();
        service.Session.Tell(view, new Engine.Coordination.CoordinatorProtocol.AddPeers([dying.EndPoint, slow.EndPoint]));

        // Its own page, while it downloads.
        await Expect(row.GetByText("Downloading")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Link, new() { Name = "A film" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "A film" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = PieceMapName() })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Peers" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = slow.EndPoint.ToString() })).ToBeVisibleAsync();
        await Shot(page, name, "peers");

        // The killed peer: its fault in the journal, its restart in the tree.
        await page.GetByRole(AriaRole.Link, new() { Name = "Faults" }).ClickAsync();
        var fault = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = dying.EndPoint.ToString() }).First;
        await Expect(fault).ToContainTextAsync("Transfer: reset");
        await Expect(fault).ToContainTextAsync("Restart");
        await page.GetByLabel("Cause").SelectOptionAsync("reset");
        await Expect(fault).ToBeVisibleAsync();
        await Shot(page, name, "faults");
        await page.GetByRole(AriaRole.Link, new() { Name = "Actors" }).ClickAsync();
        await page.GetByLabel("Only those that failed").CheckAsync();
        var actor = page.GetByRole(AriaRole.Row).Filter(new() { HasText = dying.EndPoint.ToString() });
        await Expect(actor).ToContainTextAsync("reset");
        await page.GetByLabel("Only those that failed").UncheckAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "census" })).ToBeVisibleAsync();
        await Shot(page, name, "actors");

        // The end, once somebody is quicker.
        service.Session.Tell(view, new Engine.Coordination.CoordinatorProtocol.AddPeers([fast.EndPoint]));
        await page.GetByRole(AriaRole.Link, new() { Name = "Torrents" }).First.ClickAsync();
        await Expect(row.GetByText("Seeding")).ToBeVisibleAsync();
        await Expect(row.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("aria-valuenow", "100");
        await page.GetByRole(AriaRole.Link, new() { Name = "Charts" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = RatesName() })).ToBeVisibleAsync();
        await Shot(page, name, "charts");
        Assert.True(_content.Verify(service.Downloads).IsGood);
        Assert.Empty(complaints);
    });

    [Fact]
    public Task Nobody_is_shut_out() => Stage.Play(output, Patience, async stage =>
    {
        var axe = await File.ReadAllTextAsync(Path.Combine(await Npm.InstallAsync(stage, "axe-core", AxeVersion), "axe.min.js"));
        await using var dying = await StubPeer.StartAsync(PeerScript.Dies(200_000, TransferEnding.Reset), _content.InfoHash, _content);
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(100_000), _content.InfoHash, _content);
        await using var service = await ServiceUnderTest.StartAsync();
        var id = await service.AddAsync(_content, dying.EndPoint.ToString(), slow.EndPoint.ToString());
        await service.Until(id, t => t.GetProperty("faults").GetInt32() > 0);
        await using var browser = await Chromium.StartAsync();
        var found = new List<string>();
        foreach (var (name, width, colours) in new[] { ("desk", 1280, ColorScheme.Light), ("desk-dark", 1280, ColorScheme.Dark), ("phone", 360, ColorScheme.Light), ("phone-dark", 360, ColorScheme.Dark) })
        {
            var (page, complaints) = await browser.OpenAsync(service.Url.ToString(), width, 800, colours);
            await Expect(page.GetByRole(AriaRole.Article)).ToBeVisibleAsync();
            foreach (var (view, sign) in new[]
            {
                ("#/", "A film"), ("#/torrents/1/pieces", "verified"), ("#/torrents/1/files", "notes.txt"), ("#/torrents/1/peers", slow.EndPoint.ToString()),
                ("#/torrents/1/trackers", "No trackers"), ("#/torrents/1/faults", "Transfer: reset"), ("#/actors", "census"), ("#/faults", "Transfer: reset"), ("#/charts", "Peers by state"),
            })
            {
                await page.EvaluateAsync("hash => { location.hash = hash; }", view);
                await Expect(page.Locator("main").GetByText(sign).First).ToBeVisibleAsync();
                found.AddRange((await Violations(page, axe)).Select(violation => $"{name} {view}: {violation}"));
                await Shot(page, name, view.Replace("#/", "", StringComparison.Ordinal).Replace("/", "-", StringComparison.Ordinal) is { Length: > 0 } part ? part : "torrents");
                // Nothing sticks out at the side.
                var beyond = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
                Assert.True(beyond <= 0, $"{name} {view} is {beyond} pixels too wide");
            }
            await page.GetByRole(AriaRole.Button, new() { Name = "Add torrent" }).ClickAsync();
            found.AddRange((await Violations(page, axe)).Select(violation => $"{name} dialog: {violation}"));
            await Shot(page, name, "dialog");
            await page.Keyboard.PressAsync("Escape");
            Assert.Empty(complaints);
            await page.CloseAsync();
        }
        Assert.Empty(found);
    });

    [Fact]
    public Task The_keyboard_is_enough() => Stage.Play(output, Patience, async stage =>
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await service.AddAsync(_content);
        await using var browser = await Chromium.StartAsync();
        var (page, _) = await browser.OpenAsync(service.Url.ToString(), 1280, 900);
        await Expect(page.GetByRole(AriaRole.Article)).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "A film" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Pieces" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Files" })).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Files" })).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.GetByLabel("Priority of A film/notes.txt")).ToBeVisibleAsync();
        await page.GetByLabel("Priority of A film/notes.txt").SelectOptionAsync("skip");
        await Poll.Until(
            "the priority is set",
            async () => (await service.GetAsync("/api/v1/torrents/1/files"))[1].GetProperty("priority").GetString() == "skip",
            stage.Deadline);

        // Removing asks first.
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove…" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).Not.ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No torrents yet")).ToBeVisibleAsync();
    });

    [Fact]
    public Task A_dropped_file_is_added_and_a_lost_service_is_said() => Stage.Play(output, Patience, async stage =>
    {
        await using var browser = await Chromium.StartAsync();
        IPage page;
        await using (var service = await ServiceUnderTest.StartAsync())
        {
            (page, _) = await browser.OpenAsync(service.Url.ToString(), 1280, 900);
            await Expect(page.GetByText("No torrents yet")).ToBeVisibleAsync();
            await page.EvaluateAsync(
                """
                base64 => {
                  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
                  const data = new DataTransfer();
                  data.items.add(new File([bytes], 'film.torrent', { type: 'application/x-bittorrent' }));
                  for (const type of ['dragenter', 'dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
                }
                """,
                Convert.ToBase64String(_content.BuildTorrent([])));
            await Expect(page.GetByRole(AriaRole.Article).Filter(new() { HasText = "A film" })).ToBeVisibleAsync();
        }
        await Expect(page.GetByText("The service does not answer")).ToBeVisibleAsync();
    });

    [Fact]
    public Task A_video_plays_before_it_is_complete() => Stage.Play(output, Patience, async stage =>
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var (page, _) = await browser.OpenAsync(service.Url.ToString(), 1280, 900);
        var film = await page.EvaluateAsync<string>(RecordFilm);

        // Another service seeds it, slowly.
        await using var seeder = await ServiceUnderTest.StartAsync();
        using var limited = await seeder.Http.PatchAsync("/api/v1/session", JsonContent.Create(new { uploadLimit = 150_000 }));
        limited.EnsureSuccessStatusCode();
        Directory.CreateDirectory(seeder.Downloads);
        var file = Path.Combine(seeder.Downloads, "film.webm");
        await File.WriteAllBytesAsync(file, Convert.FromBase64String(film));
        stage.Note($"{new FileInfo(file).Length} bytes of film");
        using var made = await seeder.Http.PostAsync("/api/v1/create", JsonContent.Create(new { path = file, pieceLength = 16 << 10 }));
        var torrent = (await ServiceUnderTest.JsonAsync(made)).GetProperty("torrent").GetString();
        using var seeding = await seeder.Http.PostAsync("/api/v1/torrents", JsonContent.Create(new { torrent }));
        await seeder.Until(1, t => t.GetProperty("phase").GetString() == "seeding");
        var port = (await seeder.Session.ListAsync()).Single().Route!.ListenPort;
        using var added = await service.Http.PostAsync("/api/v1/torrents", JsonContent.Create(new { torrent, peers = new[] { FormattableString.Invariant($"127.0.0.1:{port}") } }));
        var id = (await ServiceUnderTest.JsonAsync(added)).GetProperty("id").GetInt32();

        var seconds = await page.EvaluateAsync<double>(
            """
            path => new Promise((resolve, reject) => {
              const video = document.createElement('video');
              video.muted = true;
              video.src = path;
              video.onerror = () => reject(new Error(`${video.error.code} ${video.error.message}`));
              video.ontimeupdate = () => video.currentTime > 0.3 && resolve(video.currentTime);
              document.body.append(video);
              video.play();
            })
            """,
            string.Create(CultureInfo.InvariantCulture, $"/api/v1/torrents/{id}/files/0/content"));

        Assert.True(seconds > 0.3);
        var progress = (await service.GetAsync("/api/v1/torrents/1")).GetProperty("progress").GetDouble();
        stage.Note($"played {seconds:F1} s when {progress:P0} was there");
        Assert.True(progress < 1, "it was complete before it played");
    });

    // Noise on a canvas, recorded by the browser itself: a film that needs no other program.
    private const string RecordFilm =
        """
        async () => {
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [320, 240];
          const context = canvas.getContext('2d');
          const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8', videoBitsPerSecond: 8_000_000 });
          const parts = [];
          recorder.ondataavailable = (event) => parts.push(event.data);
          const timer = setInterval(() => {
            const image = context.createImageData(320, 240);
            for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : Math.random() * 255;
            context.putImageData(image, 0, 0);
          }, 40);
          recorder.start();
          await new Promise((resolve) => setTimeout(resolve, 3000));
          const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
          recorder.stop();
          await stopped;
          clearInterval(timer);
          const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
          let text = '';
          for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
          return btoa(text);
        }
        """;

    private static async Task<IReadOnlyList<string>> Violations(IPage page, string axe)
    {
        // Beyond what the page's policy allows its own scripts: the tool is the browser's, not the page's.
        await page.EvaluateAsync(axe + "\n;0");
        var result = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations"
            + ".map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`)");
        return [.. result.EnumerateArray().Select(v => v.GetString()!)];
    }

    private static Task Shot(IPage page, string name, string what) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Chromium.Screenshots, $"{name}-{what}.png") });

    [GeneratedRegex("^Map of ", RegexOptions.None, 1000)]
    private static partial Regex PieceMapName();

    [GeneratedRegex("^Rates: ", RegexOptions.None, 1000)]
    private static partial Regex RatesName();
}
