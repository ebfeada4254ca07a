namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>Waits for a condition by asking again and again until a deadline, never by sleeping and hoping.</summary>
public static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static Task Until(string what, Func<bool> condition, CancellationToken deadline) =>
        Until(what, () => Task.FromResult(condition()), deadline);

    public static async Task Until(string what, Func<Task<bool>> condition, CancellationToken deadline)
    {
        while (true)
        {
            try
            {
                deadline.ThrowIfCancellationRequested();
                if (await condition())
                    return;
                await Task.Delay(Pause, deadline);
            }
            catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"The deadline passed while waiting: {what}", e);
            }
        }
    }
}
