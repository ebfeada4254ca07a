using System.Globalization;

namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>Fuzzes the targets, some at once; each test waits for its own.</summary>
public sealed class FuzzRuns : IDisposable
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Each = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("ACTORTORRENT_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 5);

    // The same inputs each time, unless somebody wants others.
    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("ACTORTORRENT_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20_261_121;

    private readonly SemaphoreSlim _room = new(AtOnce);
    private readonly Dictionary<string, Task<FuzzReport>> _reports;

    public FuzzRuns() => _reports = FuzzTargets.All.ToDictionary(static target => target.Name, RunAsync, StringComparer.Ordinal);

    public void Dispose() => _room.Dispose();

    internal Task<FuzzReport> ReportOf(string target) => _reports[target];

    private async Task<FuzzReport> RunAsync(FuzzTarget target)
    {
        await _room.WaitAsync();
        try
        {
            return await Task.Factory.StartNew(
                () => Fuzzer.Run(target, Seed, Each), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _room.Release();
        }
    }
}
