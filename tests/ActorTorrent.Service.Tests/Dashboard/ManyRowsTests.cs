using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Service.Tests.Support;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace ActorTorrent.Service.Tests.Dashboard;

/// <summary>The dashboard's list with as many torrents as a service may have.</summary>
public sealed class ManyRowsTests(ITestOutputHelper output)
{
    private const int Torrents = 1_000;

    // The aim is 50 ms; the machine may be busy with other tests.
    private const double MostMilliseconds = 500;

    /// <summary>Puts torrents into the page's store as the event stream would. Answers how long each step held the page: script, style and layout.</summary>
    private const string Measure =
        """
        async (count) => {
          const { onEvent } = await import('/store.js');
          const phases = ['seeding', 'downloading', 'paused', 'queued', 'checking', 'disk_error', 'finished'];
          const make = (id, turn) => {
            const phase = id % 9 ? 'seeding' : phases[(id / 9) % phases.length | 0];
            const progress = phase === 'seeding' || phase === 'finished' ? 1 : ((id * 37 + turn * 13) % 1000) / 1000;
            return {
              id, infoHash: id.toString(16).padStart(40, '0'), name: `${['Debian 12 amd64 netinst', 'A long name of a film that nobody has seen, in three parts', 'dataset', 'Müsli & Söhne – live'][id % 4]} ${id}`,
              phase, size: id * 7e6, wanted: id * 7e6, verified: Math.floor(id * 7e6 * progress), progress,
              downloadRate: phase === 'downloading' ? 1e6 + turn * 1e5 : 0, uploadRate: phase === 'seeding' && id % 10 === 1 ? 2e5 + turn * 1e4 : 0, downloaded: 0, uploaded: id * 1e6 + turn * 2e5, wasted: 0,
              eta: phase === 'downloading' ? 4000 - turn : null, peers: { known: 40, waiting: 0, connecting: 0, running: id % 30, unchoking: 3, seeds: id % 5 }, faults: id % 50 ? 0 : 3,
              labels: id % 6 ? [] : ['linux', 'iso'], folder: '/downloads', addedAt: new Date(1.7e12 + id * 1e7).toISOString(), queuePosition: id - 1, isPaused: phase === 'paused',
              error: phase === 'disk_error' ? 'No space left on device' : null,
            };
          };
          const step = (change) => new Promise((resolve) => {
            let begin;
            requestAnimationFrame(() => { begin = performance.now(); });
            change();
            requestAnimationFrame(() => { document.body.offsetHeight; resolve(performance.now() - begin); });
          });
          const median = async (times, change) => {
            const all = [];
            for (let turn = 1; turn <= times; turn++) all.push(await step(() => change(turn)));
            return all.sort((a, b) => a - b)[times >> 1];
          };
          const list = (turn) => Array.from({ length: count }, (_, at) => make(at + 1, turn));
          const first = await step(() => onEvent('torrents', list(0)));
          const few = await median(9, (turn) => { for (let id = 1; id <= count; id += 50) onEvent('torrent', make(id, turn)); });
          const all = await median(9, (turn) => onEvent('torrents', list(turn)));
          return [first, few, all];
        }
        """;

    [Theory]
    [InlineData("desk", 1280, 900, ColorScheme.Light)]
    [InlineData("phone-dark", 360, 740, ColorScheme.Dark)]
    public Task A_thousand_torrents_are_drawn_without_a_halt(string name, int width, int height, ColorScheme colours) => Stage.Play(output, TimeSpan.FromMinutes(2), async stage =>
    {
        await using var service = await ServiceUnderTest.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var (page, complaints) = await browser.OpenAsync(service.Url.ToString(), width, height, colours);
        await Expect(page.GetByText("No torrents yet")).ToBeVisibleAsync();

        var times = await page.EvaluateAsync<double[]>(Measure, Torrents);

        stage.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{Torrents} torrents, {name}: first drawn in {times[0]:F1} ms, an update of 20 in {times[1]:F1} ms, of all in {times[2]:F1} ms (medians of 9)"));
        await Expect(page.GetByText("1,000 torrents")).ToBeVisibleAsync();
        Assert.Equal(Torrents, await page.Locator("article").CountAsync());
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Chromium.Screenshots, $"{name}-thousand.png") });
        Assert.True(times[1] < MostMilliseconds && times[2] < MostMilliseconds, string.Join(", ", times));
        Assert.Empty(complaints);
    });
}
