using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorTorrent.Cli.Tests.Support;

/// <summary>The program as it was built, in a process of its own.</summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    public const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly WatchedWriter _output = new();
    private readonly WatchedWriter _error = new();

    private BuiltProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static BuiltProgram Start(params string[] arguments)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "actortorrent.dll"), .. TestState.Offline(arguments)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment[TestState.Variable] = Path.Combine(TestState.Folder, Guid.NewGuid().ToString("n"));
        return new BuiltProgram(new Process { StartInfo = start });
    }

    public static async Task<CommandResult> Run(params string[] arguments)
    {
        await using var program = Start(arguments);
        return await program.End();
    }

    public Task Prints(string part) => _output.Until(part).WaitAsync(Patience);

    public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    public async Task<CommandResult> End()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new CommandResult(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _output.DisposeAsync();
        await _error.DisposeAsync();
    }

    private static void Take(WatchedWriter writer, string? line)
    {
        if (line is not null)
            writer.WriteLine(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
