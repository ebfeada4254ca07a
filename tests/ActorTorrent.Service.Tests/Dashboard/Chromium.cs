using Microsoft.Playwright;

namespace ActorTorrent.Service.Tests.Dashboard;

/// <summary>Debian's chromium, driven by Playwright; screenshots go where the tests' results are.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Where screenshots are left.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Artifacts, "screenshots")).FullName;

    /// <summary>The folder of what the tests leave behind.</summary>
    public static string Artifacts
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorTorrent.sln")))
                folder = folder.Parent;
            return Directory.CreateDirectory(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "artifacts", "dashboard")).FullName;
        }
    }

    public static async Task<Chromium> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            // The tests may run as root, where its own sandbox does not work; it opens nothing but our page.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>Opens a page of a size; whatever it complains about in its console is gathered.</summary>
    public async Task<(IPage Page, List<string> Complaints)> OpenAsync(string url, int width, int height, ColorScheme colours = ColorScheme.Light)
    {
        var page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        });
        page.SetDefaultTimeout(20_000);
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(url);
        return (page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The program 'chromium' is not on this machine (Debian package: chromium). `tests/run` installs all that the tests need.");
}
