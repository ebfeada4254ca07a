using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>A program under measurement or one that serves it: its lines with the time each came, its end and its CPU time.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int KeptForReport = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<(string Text, long At)> _lines = [];
    private readonly Queue<string> _last = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ClientProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>The timestamp of <see cref="Stopwatch"/> just before it was started.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Starts a program; without the proxies that its environment may name.</summary>
    public static ClientProcess Start(
        string name, string program, IEnumerable<string> arguments, string workingFolder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = new Process { StartInfo = ProgramStart.Of(program, arguments, workingFolder, environment) };
        var client = new ClientProcess(name, process) { StartedAt = Stopwatch.GetTimestamp() };
        process.OutputDataReceived += (_, line) => client.Take(line.Data, isOutput: true);
        process.ErrorDataReceived += (_, line) => client.Take(line.Data, isOutput: false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return client;
    }

    /// <summary>The CPU time so far; it must be running.</summary>
    public TimeSpan Cpu() => ProcessClock.Of(Id);

    /// <summary>Writes a line to its standard input.</summary>
    public async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line of JSON whose <c>event</c> is one of these; fails when it ends without.</summary>
    public async Task<(JsonObject Event, long At)> EventAsync(CancellationToken stop, params string[] names)
    {
        for (var read = 0; ;)
        {
            Task news;
            lock (_gate)
            {
                for (; read < _lines.Count; read++)
                {
                    var (text, at) = _lines[read];
                    if (Parse(text) is not { } line)
                        continue;
                    var name = (string?)line["event"];
                    if (names.Contains(name, StringComparer.Ordinal))
                        return (line, at);
                    if (name is "error" or "stuck" or "disk" or "incomplete")
                        throw Failure($"it said {text}");
                }
                news = _news.Task;
            }
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var end = _process.WaitForExitAsync(ended.Token);
            if (await Task.WhenAny(news, end) == end)
            {
                stop.ThrowIfCancellationRequested();
                lock (_gate)
                {
                    if (read == _lines.Count)
                        throw Failure($"it ended with {_process.ExitCode} before it said {string.Join(" or ", names)}");
                }
            }
            await ended.CancelAsync();
        }
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task SucceedAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        if (_process.ExitCode != 0)
            throw Failure($"it ended with {_process.ExitCode}");
    }

    /// <summary>Fails when it has ended.</summary>
    public void MustRun()
    {
        if (_process.HasExited)
            throw Failure($"it ended with {_process.ExitCode}");
    }

    /// <summary>Asks it to end and waits; what does not end in time is killed.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            _ = ProgramStart.Signal(_process.Id, Terminate);
        }
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>The failure of this program, with the last lines it printed.</summary>
    public InvalidOperationException Failure(string what)
    {
        lock (_gate)
            return new InvalidOperationException($"{Name}: {what}\n  {string.Join("\n  ", _last)}");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static JsonObject? Parse(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Take(string? line, bool isOutput)
    {
        if (line is null)
            return;
        var at = Stopwatch.GetTimestamp();
        TaskCompletionSource? news = null;
        lock (_gate)
        {
            _last.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(StartedAt, at).TotalSeconds,8:F3} {line}"));
            if (_last.Count > KeptForReport)
                _last.Dequeue();
            if (isOutput)
            {
                _lines.Add((line, at));
                news = _news;
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
        news?.SetResult();
    }
}
