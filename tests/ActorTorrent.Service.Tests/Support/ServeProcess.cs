using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Service.Tests.Support;

/// <summary>Our program as a service, started as its users start it.</summary>
public sealed class ServeProcess : IDisposable
{
    private ServeProcess(ChildProcess process, int port, string data)
    {
        Process = process;
        Port = port;
        DataFolder = data;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
        };
    }

    public ChildProcess Process { get; }

    public int Port { get; }

    public string DataFolder { get; }

    /// <summary>Where files go that no torrent says otherwise of.</summary>
    public string Downloads => Path.Combine(DataFolder, "downloads");

    public HttpClient Http { get; }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="stage">Where it plays.</param>
    /// <param name="data">Its folder; null for a new one.</param>
    /// <param name="config">More configuration, as JSON.</param>
    /// <param name="port">Its port; null for a free one.</param>
    public static async Task<ServeProcess> Start(Stage stage, string? data = null, string? config = null, int? port = null)
    {
        data ??= stage.Folder.Make("data-" + Guid.NewGuid().ToString("N")[..8]);
        var chosen = port ?? FreePort.Next();
        var process = Launch(stage, chosen, data, config);
        await process.Line("that it serves", static line => line.StartsWith("serving at ", StringComparison.Ordinal), stage.Deadline);
        return stage.Keep(new ServeProcess(process, chosen, data));
    }

    /// <summary>Starts it and leaves it to itself. It says nothing to the network beyond loopback.</summary>
    public static ChildProcess Launch(Stage stage, int port, string data, string? config = null, string? urls = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var quiet = Path.Combine(stage.Folder.Path, "quiet.hocon");
        if (!File.Exists(quiet))
        {
            File.WriteAllText(quiet, """
                actortorrent {
                  listen { port = 0 }
                  dht { enabled = false }
                  lsd { enabled = false }
                  storage { resume-interval = 1s }
                }
                """);
        }
        var arguments = new List<string>
        {
            ActorTorrentProcess.Assembly, "serve", "--data", data, "--profile", quiet,
        };
        // Empty: as the configuration says.
        if (urls is not "")
            arguments.AddRange(["--urls", urls ?? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")]);
        if (config is not null)
        {
            var file = Path.Combine(stage.Folder.Path, $"config-{Guid.NewGuid():N}.json");
            File.WriteAllText(file, config);
            arguments.AddRange(["--config", file]);
        }
        return stage.Start("serve", Programs.Dotnet, arguments, environment: environment);
    }

    /// <summary>The process ends with its stage.</summary>
    public void Dispose() => Http.Dispose();
}
