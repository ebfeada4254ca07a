using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ActorTorrent.Engine.Tests.EndToEnd;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>
/// An engine in a process of its own, which is this assembly run as a program: its memory and its processor time are the engine's alone. Orders are
/// lines on its input, each is answered by a line; it ends with its input.
/// </summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    /// <summary>The argument that makes this assembly's program an engine.</summary>
    public const string Role = "engine";

    private const char Separator = '\t';

    // What an answer begins with: everything else on its output is log.
    private const string Mark = "= ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Task<string> _errors;
    private bool _isStopped;

    private EngineProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts one.</summary>
    /// <param name="overlay">What is laid over the test profile.</param>
    /// <param name="honest">Peers that must not be blamed.</param>
    public static async Task<EngineProcess> StartAsync(string overlay, IEnumerable<IPAddress> honest)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(typeof(EngineProcess).Assembly.Location);
        start.ArgumentList.Add(Role);
        start.ArgumentList.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(overlay)));
        start.ArgumentList.Add(string.Join(',', honest));
        // As the program itself is set up.
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        var engine = new EngineProcess(Process.Start(start)!);
        Assert.Equal("ready", await engine.AnswerAsync());
        return engine;
    }

    /// <summary>Begins a download.</summary>
    /// <returns>The port that the engine listens on.</returns>
    public async Task<int> DownloadAsync(GeneratedContent content, string folder, IEnumerable<IPEndPoint> peers) =>
        int.Parse(await OrderAsync("download", Convert.ToBase64String(content.BuildTorrent()), folder, string.Join(',', peers)), CultureInfo.InvariantCulture);

    /// <summary>What became of it so far.</summary>
    public async Task<EngineFigures> LookAsync() => JsonSerializer.Deserialize<EngineFigures>(await OrderAsync("look"))!;

    /// <summary>Ends the engine, which sees to it that every buffer is back.</summary>
    public async Task StopAsync()
    {
        _isStopped = true;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(_process.ExitCode == 0, $"the engine's process ended with {_process.ExitCode}: {await _errors}");
    }

    public async ValueTask DisposeAsync()
    {
        // It was not stopped because the test failed: nobody wants to know more.
        if (!_isStopped)
            _process.Kill();
        await _errors;
        _process.Dispose();
        _gate.Dispose();
    }

    /// <summary>The other side: the life of the process.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        await using var engine = await EngineUnderTest.StartAsync(Encoding.UTF8.GetString(Convert.FromBase64String(arguments[0])));
        var journal = new FaultCounter(engine.Events, arguments[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse));
        await AnswerAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var order = line.Split(Separator);
            if (order[0] == "download")
            {
                var added = await engine.DownloadAsync(
                    TorrentFileParser.Parse(Convert.FromBase64String(order[1])), order[2], [.. order[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPEndPoint.Parse)]);
                await AnswerAsync(added.ListenPort.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                await AnswerAsync(JsonSerializer.Serialize(EngineFigures.Of(engine, journal)));
            }
        }
        return 0;
    }

    private async Task<string> OrderAsync(params string[] words)
    {
        await _gate.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(string.Join(Separator, words));
            await _process.StandardInput.FlushAsync();
            return await AnswerAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string> AnswerAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
                return line[Mark.Length..];
        }
        throw new InvalidOperationException($"The engine's process ended: {await _errors}");
    }

    private static Task AnswerAsync(string text) => Console.Out.WriteLineAsync(Mark + text);
}
