using System.Net.Http.Json;
using System.Text.Json;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Service.Hosting;
using ActorTorrent.Service.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>The service in this process, on a free port, with a folder of its own. It says nothing to the network beyond loopback.</summary>
internal sealed class ServiceUnderTest : IAsyncDisposable
{
    private const string Profile = "quiet.hocon";

    private const string Quiet = """
        actortorrent {
          listen { port = 0 }
          dht { enabled = false }
          lsd { enabled = false }
          torrent { snapshot-interval = 200ms }
          faults { retry-delay = 200ms, max-retry-delay = 1s }
          telemetry { metrics-interval = 200ms }
        }
        """;

    private readonly IReadOnlyDictionary<string, string?>? _configuration;
    private WebApplication _app;

    private ServiceUnderTest(WebApplication app, TempFolder folder, IReadOnlyDictionary<string, string?>? configuration)
    {
        _configuration = configuration;
        _app = app;
        Folder = folder;
        Url = new Uri(app.Urls.First());
        Http = Client(Url);
    }

    public TempFolder Folder { get; }

    public Uri Url { get; private set; }

    public HttpClient Http { get; private set; }

    public IServiceProvider Services => _app.Services;

    public IActorTorrent Session => _app.Services.GetRequiredService<IActorTorrent>();

    /// <summary>Where files go that no torrent says otherwise of.</summary>
    public string Downloads => Session.Host.DownloadFolder;

    public static async Task<ServiceUnderTest> StartAsync(string overlay = "", IReadOnlyDictionary<string, string?>? configuration = null)
    {
        var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, Profile), Quiet + "\n" + overlay);
        return new ServiceUnderTest(await StartAsync(folder, configuration), folder, configuration);
    }

    /// <summary>Stops it and starts it again on the same folder.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = await StartAsync(Folder, _configuration);
        Url = new Uri(_app.Urls.First());
        Http = Client(Url);
    }

    private static HttpClient Client(Uri url) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };

    private static async Task<WebApplication> StartAsync(TempFolder folder, IReadOnlyDictionary<string, string?>? configuration)
    {
        var read = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Warning" })
            .AddInMemoryCollection(configuration)
            .Build();
        var settings = ServiceSettings.Read(read, folder.Make("data")) with { Urls = ["http://127.0.0.1:0"] };
        settings = settings with { Profiles = [.. settings.Profiles, Path.Combine(folder.Path, Profile)] };
        var app = ServeApplication.Build(read, settings);
        await app.StartAsync();
        await app.Services.GetRequiredService<IActorTorrent>().WhenReadyAsync();
        return app;
    }

    /// <summary>Adds a torrent by the API; peers are dialled.</summary>
    /// <returns>Its number.</returns>
    public async Task<int> AddAsync(GeneratedContent content, params IEnumerable<string> peers)
    {
        using var answer = await Http.PostAsync("/api/v1/torrents", JsonContent.Create(new
        {
            torrent = Convert.ToBase64String(content.BuildTorrent([])),
            peers,
        }));
        return (await JsonAsync(answer)).GetProperty("id").GetInt32();
    }

    /// <summary>An answer as JSON; it must be a success.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await JsonAsync(answer);
    }

    /// <summary>A problem document, as every answer of the API that is no success.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement.Clone();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    /// <summary>Waits until a torrent of the list passes a test.</summary>
    public async Task<JsonElement> Until(int id, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement last = default;
        await Poll.Until(
            $"torrent {id} is as expected",
            async () => isSo(last = await GetAsync($"/api/v1/torrents/{id}")),
            patience.Token);
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Folder.Dispose();
    }
}
