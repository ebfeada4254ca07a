namespace ActorTorrent.Cli.Tests.Support;

/// <summary>A command line run inside the test's process.</summary>
internal sealed class Command : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static Command() => Environment.SetEnvironmentVariable(TestState.Variable, TestState.Folder);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _run;

    private Command(string[] arguments) =>
        _run = Task.Run(() => CommandLine.RunAsync(arguments, Output, Error, _stop.Token));

    public WatchedWriter Output { get; } = new();

    public WatchedWriter Error { get; } = new();

    /// <summary>Starts a command, which runs on until it ends or is stopped.</summary>
    public static Command Start(params string[] arguments) => new(TestState.Offline(arguments));

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> Run(params string[] arguments)
    {
        await using var command = Start(arguments);
        return await command.End();
    }

    /// <summary>Waits for a part of what it prints; fails when it ends without.</summary>
    public async Task Prints(string part)
    {
        var found = Output.Until(part);
        var first = await Task.WhenAny(found, _run).WaitAsync(Patience);
        Assert.True(first == found || found.IsCompleted, $"It ended without printing '{part}':\n{Output}\n{Error}");
    }

    /// <summary>What Ctrl-C does.</summary>
    public Task Interrupt() => _stop.CancelAsync();

    /// <summary>Waits for the end.</summary>
    public async Task<CommandResult> End()
    {
        try
        {
            var code = await _run.WaitAsync(Patience);
            return new CommandResult(code, Output.ToString(), Error.ToString());
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"No end within {Patience}:\n{Output}\n{Error}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_run, Task.Delay(Patience));
        _stop.Dispose();
        await Output.DisposeAsync();
        await Error.DisposeAsync();
    }
}
