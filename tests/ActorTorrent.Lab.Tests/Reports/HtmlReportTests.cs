using System.Diagnostics;
using System.Xml.Linq;
using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Running;
using ActorTorrent.Lab.Tests.Data;

namespace ActorTorrent.Lab.Tests.Reports;

public sealed class HtmlReportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void It_holds_everything_and_refers_to_nothing_outside()
    {
        var html = HtmlReport.Write(Sample());
        foreach (var outside in (string[])["<script", "src=", "url(", "@import"])
            Assert.DoesNotContain(outside, html, StringComparison.OrdinalIgnoreCase);
        // The namespace is a name, nothing that is fetched.
        Assert.Equal(Count(html, "http"), Count(html, "xmlns=\"http://www.w3.org/2000/svg\""));
        Assert.Contains("&lt;b&gt;a &amp; b&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>a & b</b>", html, StringComparison.Ordinal);
        string[] charts = ["Goodput", "Completion time", "Recovery after a fault", "Rate", "Peers by state: back-off", "Processor", "Resident memory", "Messages in mailboxes"];
        foreach (var chart in charts)
            Assert.Contains($"aria-label=\"{chart}", html, StringComparison.Ordinal);
        Assert.Contains("do not overlap", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_are_well_formed()
    {
        var bars = XDocument.Parse(HtmlReport.Bars(Sample(), "goodput", "Goodput <&>"));
        Assert.Equal("svg", bars.Root!.Name.LocalName);
        Assert.Equal(2, bars.Root.Elements().Count(element => element.Name.LocalName == "path"));
        XDocument.Parse(SvgChart.Lines("empty", "things", []));
        XDocument.Parse(SvgChart.Bars("one", "s", [new ChartBar("a", new Estimate(1, 0, double.NaN), "0")]));
    }

    /// <summary>In a real browser, headless: charts are drawn with a size, nothing is logged, nothing is asked for.</summary>
    [Fact]
    public async Task A_browser_shows_it_without_complaint_or_request()
    {
        using var folder = new TemporaryFolder();
        // The test's own script, which the report does without, reads what the browser made of it.
        var page = HtmlReport.Write(Sample()).Replace(
            "</body>",
            """
            <script>
              const svgs = [...document.querySelectorAll('svg')];
              const drawn = svgs.filter(s => { const b = s.getBoundingClientRect(); return b.width > 200 && b.height > 50; });
              const asked = performance.getEntriesByType('resource').length;
              document.title = `charts ${drawn.length} of ${svgs.length}, requests ${asked}`;
            </script></body>
            """,
            StringComparison.Ordinal);
        var path = Path.Combine(folder.Path, "report.html");
        await File.WriteAllTextAsync(path, page);
        var start = new ProcessStartInfo("chromium") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={Path.Combine(folder.Path, "profile")}", "--dump-dom", new Uri(path).AbsoluteUri,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var browser = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        string dom, log;
        try
        {
            var errors = browser.StandardError.ReadToEndAsync(deadline.Token);
            dom = await browser.StandardOutput.ReadToEndAsync(deadline.Token);
            log = await errors;
            await browser.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!browser.HasExited)
                browser.Kill(entireProcessTree: true);
        }
        var charts = Count(HtmlReport.Write(Sample()), "<svg ");
        Assert.True(charts >= 10, $"{charts} charts");
        Assert.Contains($"<title>charts {charts} of {charts}, requests 0</title>", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    private static LabReport Sample()
    {
        var runs = new List<LabRunResult>();
        foreach (var (variant, factor) in ((string, double)[])[("back-off", 1), ("never", 0.4)])
        {
            for (var repetition = 1; repetition <= 3; repetition++)
            {
                var samples = Enumerable.Range(0, 120).Select(i => new LabSample
                {
                    Seconds = i / 4.0,
                    Downloaded = (long)(i * 100_000 * factor) + (repetition * 1000),
                    Verified = (long)(i * 100_000 * factor),
                    Running = 10 + (i % 3),
                    Waiting = i % 2,
                    CpuSeconds = i / 10.0,
                    ResidentBytes = 50_000_000 + i,
                    MailboxDepth = i % 5,
                    MailboxWait = 0.3,
                    Faults = i / 20,
                    Live = 12,
                }).ToArray();
                runs.Add(new LabRunResult
                {
                    Scenario = "sample",
                    Variant = variant,
                    Repetition = repetition,
                    Seed = repetition,
                    CompletedAfter = (29 + (repetition * 0.01)) / factor,
                    Seconds = 29.75,
                    TorrentBytes = 12_000_000,
                    Samples = samples,
                    Marks = [new FaultMark(10, "3 of 9 seeds killed (rst)")],
                    Faults = [new FaultCount("reset", "restart", 3)],
                });
            }
        }
        return new LabReport
        {
            Started = DateTimeOffset.UnixEpoch,
            Machine = "a machine",
            Version = "1.2.3",
            Runtime = ".NET",
            Scenarios = [new ScenarioText("sample", "<b>a & b</b>", "{ }")],
            Runs = runs,
        };
    }
}
