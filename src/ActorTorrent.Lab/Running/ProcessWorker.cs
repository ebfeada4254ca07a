using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace ActorTorrent.Lab.Running;

/// <summary>A helper in a process of its own. It ends when its input does, so none outlives this one.</summary>
internal sealed class ProcessWorker : IWorker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Channel<string> _reports = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;
    private readonly Task _complaining;

    private ProcessWorker(Process process)
    {
        _process = process;
        _complaining = ComplainAsync();
        _reading = ReadAsync();
    }

    public ChannelReader<string> Reports => _reports.Reader;

    /// <summary>Starts one.</summary>
    /// <param name="program">The program and the arguments that come first.</param>
    /// <param name="kind">What it is to do.</param>
    /// <exception cref="LabException">It cannot be started.</exception>
    public static ProcessWorker Start(IReadOnlyList<string> program, WorkerKind kind)
    {
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in program.Skip(1))
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(kind == WorkerKind.Peers ? "peers" : "engine");
        try
        {
            return new ProcessWorker(Process.Start(start) ?? throw new LabException($"{program[0]} did not start."));
        }
        catch (Win32Exception e)
        {
            throw new LabException($"{program[0]}: {e.Message}");
        }
    }

    public async ValueTask TellAsync(string order)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended; the end of its reports says why.
        }
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read everything.
        }
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        await _reading;
        await _complaining;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _reports.Writer.TryWrite(line);
        await _complaining;
        await _process.WaitForExitAsync();
        _reports.Writer.TryComplete(_process.ExitCode == 0 ? null : new LabException($"A helper process ended with {_process.ExitCode}: {_errors}".TrimEnd()));
    }

    private async Task ComplainAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (_errors.Length < 4000)
                _errors.AppendLine(line);
        }
    }
}
