using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>A real program, started and ended by its process id; what it prints is kept for the report of a failure.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private const int KeptInReport = 60;

    /// <summary>What our own program prints every second; it would push everything else out of a report.</summary>
    private const string Noise = "{\"event\":\"progress\"";

    private readonly Process _process;
    private readonly Stopwatch _age = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _report = [];

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>A log file that the program writes beside what it prints; its end goes into the report.</summary>
    public string? LogFile { get; init; }

    /// <summary>Time since the start.</summary>
    public TimeSpan Age => _age.Elapsed;

    public static ChildProcess Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        string workingFolder,
        string? logFile = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = new Process { StartInfo = ProgramStart.Of(program, arguments, workingFolder, environment) };
        var child = new ChildProcess(name, process) { LogFile = logFile };
        process.OutputDataReceived += (_, line) => child.Take(line.Data, output: true);
        process.ErrorDataReceived += (_, line) => child.Take(line.Data, output: false);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Output()
    {
        lock (_gate)
            return [.. _output];
    }

    /// <summary>All lines so far, of both streams, as printed.</summary>
    public string Everything()
    {
        lock (_gate)
            return string.Join('\n', _report.Select(static line => line[(line.IndexOf('|', StringComparison.Ordinal) + 2)..]));
    }

    public void Signal(int signal)
    {
        if (!_process.HasExited && !ProgramStart.Signal(_process.Id, signal))
            throw new InvalidOperationException($"{Name}: signal {signal} could not be sent ({Marshal.GetLastPInvokeError()})");
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    /// <summary>Waits for the end and for the last line printed.</summary>
    public async Task<int> Exit(CancellationToken deadline)
    {
        try
        {
            await _process.WaitForExitAsync(deadline);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The deadline passed while waiting for {Name} to end", e);
        }

        return _process.ExitCode;
    }

    /// <summary>The first line of standard output that is wanted; fails at once when the program ends without it.</summary>
    public async Task<string> Line(string what, Func<string, bool> wanted, CancellationToken deadline)
    {
        string? found = null;
        await Poll.Until(
            $"{Name} prints {what}",
            () =>
            {
                var ended = _process.HasExited;
                if (ended)
                    _process.WaitForExit();
                found = Output().FirstOrDefault(wanted);
                return found is not null || !ended
                    ? found is not null
                    : throw new InvalidOperationException($"{Name} ended with {_process.ExitCode} before it printed {what}");
            },
            deadline);
        return found!;
    }

    /// <summary>What a reader needs to understand a failure: how it stands and its last lines.</summary>
    public string Report()
    {
        var text = new StringBuilder();
        var state = _process.HasExited ? $"ended with {_process.ExitCode}" : $"runs, pid {_process.Id}";
        text.Append(CultureInfo.InvariantCulture, $"---- {Name} ({state}): {_process.StartInfo.FileName}");
        foreach (var argument in _process.StartInfo.ArgumentList)
            text.Append(' ').Append(argument);
        text.AppendLine();
        lock (_gate)
            Tail(text, [.. _report.Where(static line => !line.Contains(Noise, StringComparison.Ordinal))]);
        if (LogFile is not null && File.Exists(LogFile))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  -- {Path.GetFileName(LogFile)}");
            Tail(text, File.ReadAllLines(LogFile));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A grandchild holds the pipe; the process itself is gone.
        }

        _process.Dispose();
    }

    private static void Tail(StringBuilder text, IReadOnlyList<string> lines)
    {
        if (lines.Count > KeptInReport)
            text.AppendLine(CultureInfo.InvariantCulture, $"  ({lines.Count - KeptInReport} lines before these)");
        foreach (var line in lines.Skip(lines.Count - KeptInReport))
            text.Append("  ").AppendLine(line);
    }

    private void Take(string? line, bool output)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            if (output)
                _output.Add(line);
            _report.Add(string.Create(CultureInfo.InvariantCulture, $"{_age.Elapsed.TotalSeconds,7:F2} {(output ? "out" : "err")}| {line}"));
        }
    }
}
