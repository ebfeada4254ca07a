using System.Net.Http.Json;
using ActorTorrent.Lab.Data;
using ActorTorrent.Service.Security;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>The verb <c>serve</c> in this process, on a free port, with a folder of its own. It says nothing to the network beyond loopback.</summary>
internal sealed class Serving : IAsyncDisposable
{
    public const string Token = "open-sesame";

    private readonly TempFolder _folder;
    private readonly Command _command;

    private Serving(TempFolder folder, Command command, string url)
    {
        _folder = folder;
        _command = command;
        Url = url;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    /// <summary>Where files go that no torrent says otherwise of.</summary>
    public string Downloads => _folder["data", "downloads"];

    public static async Task<Serving> StartAsync(bool wantsLogin = false)
    {
        var folder = new TempFolder();
        var quiet = folder.Write("quiet.hocon", """
            actortorrent {
              listen { port = 0 }
              dht { enabled = false }
              lsd { enabled = false }
              torrent { snapshot-interval = 200ms }
              faults { retry-delay = 200ms, max-retry-delay = 1s }
            }
            """u8.ToArray());
        var config = folder.Write("config.json", System.Text.Encoding.UTF8.GetBytes(wantsLogin
            ? $$"""{ "Logging": { "LogLevel": { "Default": "Warning" } }, "ActorTorrent": { "Access": { "User": "me", "PasswordHash": "{{SecretHash.Make("secret")}}", "TokenHash": "{{SecretHash.Make(Token)}}" } } }"""
            : """{ "Logging": { "LogLevel": { "Default": "Warning" } } }"""));
        var command = Command.Start("serve", "--urls", "http://127.0.0.1:0", "--data", folder["data"], "--profile", quiet, "--config", config);
        await command.Prints("serving at ");
        await command.Prints("\n");
        return new Serving(folder, command, command.Output.ToString().Trim()["serving at ".Length..]);
    }

    /// <summary>Runs a verb that asks this service.</summary>
    public Task<CommandResult> Run(params string[] arguments) => Command.Run([.. arguments, "--url", Url]);

    /// <summary>Writes a torrent file.</summary>
    /// <returns>Its path.</returns>
    public string Write(GeneratedContent content) => _folder.Write($"{content.Name}.torrent", content.BuildTorrent());

    /// <summary>Names peers of a torrent.</summary>
    public async Task Introduce(int id, params string[] peers)
    {
        using var answer = await Http.PostAsync($"/api/v1/torrents/{id}/peers", JsonContent.Create(new { peers }));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Runs a verb again and again until what it prints is as expected.</summary>
    public async Task<CommandResult> Until(Func<CommandResult, bool> isSo, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var result = await Run(arguments);
            if (isSo(result))
                return result;
            Assert.False(patience.IsCancellationRequested, $"Not in time; last:\n{result.Output}\n{result.Error}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _command.Interrupt();
        await _command.End();
        await _command.DisposeAsync();
        _folder.Dispose();
    }
}
