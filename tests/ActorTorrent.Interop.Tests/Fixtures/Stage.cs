using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>
/// Where one test plays: a folder, a deadline, and the programs it started. All end with the test; when it fails, what
/// every program printed is shown.
/// </summary>
public sealed class Stage : IAsyncDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly ITestOutputHelper _output;
    private readonly Stopwatch _age = Stopwatch.StartNew();
    private readonly List<ChildProcess> _processes = [];
    private readonly List<IDisposable> _things = [];

    private Stage(ITestOutputHelper output, TimeSpan deadline)
    {
        _output = output;
        _deadline = new CancellationTokenSource(deadline);
    }

    /// <summary>Cancelled when the test has taken too long.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public TempFolder Folder { get; } = new();

    public static async Task Play(ITestOutputHelper output, TimeSpan deadline, Func<Stage, Task> scene)
    {
        await using var stage = new Stage(output, deadline);
        try
        {
            await scene(stage);
        }
        catch (Exception)
        {
            foreach (var process in stage._processes)
                output.WriteLine(process.Report());
            throw;
        }
    }

    /// <summary>A line of the test's own record, with the time.</summary>
    public void Note(string text) =>
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_age.Elapsed.TotalSeconds,7:F2} {text}"));

    /// <summary>Where programs that are started from now on live; null for the machine's own network.</summary>
    public PrivateNetwork? Network { get; set; }

    public ChildProcess Start(
        string name,
        string program,
        IEnumerable<string> arguments,
        string? logFile = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        if (Network is { } network)
        {
            var inside = network.Inside(program, arguments);
            (program, arguments) = (inside[0], inside.Skip(1));
        }
        var process = ChildProcess.Start(name, program, arguments, Folder.Path, logFile, environment);
        _processes.Add(process);
        return process;
    }

    /// <summary>Ends with the stage, before its folder does.</summary>
    public T Keep<T>(T thing)
        where T : IDisposable
    {
        _things.Add(thing);
        return thing;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            process.Kill();
        foreach (var process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
        foreach (var thing in Enumerable.Reverse(_things))
            thing.Dispose();
        Folder.Dispose();
        _deadline.Dispose();
    }
}
