namespace ActorTorrent.Engine.Tests.EndToEnd;

/// <summary>Waits for what must come about by itself, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Task HoldsAsync(Func<bool> condition, Func<string> describe)
        => HoldsAsync(() => Task.FromResult(condition()), describe);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> describe)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException(describe());
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
