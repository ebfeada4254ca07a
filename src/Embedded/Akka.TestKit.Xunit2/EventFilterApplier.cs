using Akka.Actor;

namespace Akka.TestKit;

internal sealed class EventFilterApplier(TestKitBase testKit, ActorSystem system, IReadOnlyList<EventMatch> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testKit, system, filters);

    private TimeSpan Leeway => testKit.Dilated(TestKitExtension.For(system).TestEventFilterLeeway);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Sync(expectedCount, null, Valued(action), cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, null, Valued(actionAsync), cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Sync(expectedCount, timeout, Valued(action), cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, timeout, Valued(action), cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Sync(1, null, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Intercept(1, null, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Sync(1, timeout, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Intercept(1, timeout, func, cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Sync(expectedCount, null, func, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, null, func, cancellationToken);

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Sync(expectedCount, timeout, func, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Intercept(expectedCount, timeout, func, cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        using (Mute())
            return func();
    }

    public async Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default)
    {
        using (Mute())
            return await func();
    }

    public void Mute(Action action, CancellationToken cancellationToken = default) => Mute(Valued(action), cancellationToken);

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) => MuteAsync(Valued(action), cancellationToken);

    public IUnmutableFilter Mute() => new Muted(system, filters);

    private static Func<object> Valued(Action action) => () =>
    {
        action();
        return null;
    };

    private static Func<Task<object>> Valued(Func<Task> action) => async () =>
    {
        await action();
        return null;
    };

    private T Sync<T>(int expected, TimeSpan? timeout, Func<T> func, CancellationToken cancellationToken) =>
        Intercept(expected, timeout, () => Task.FromResult(func()), cancellationToken).GetAwaiter().GetResult();

    private async Task<T> Intercept<T>(int expected, TimeSpan? timeout, Func<Task<T>> func, CancellationToken cancellationToken)
    {
        // Own copies: the same factory may be in use more than once at a time.
        var own = filters.Select(static f => f.Copy()).ToArray();
        var counted = new Counter(expected);
        foreach (var filter in own)
            filter.Matched = counted.Add;
        using (new Muted(system, own))
        {
            var result = await func().ConfigureAwait(false);
            var leeway = timeout is { } given ? testKit.Dilated(given) : Leeway;
            await counted.Wait(leeway, cancellationToken).ConfigureAwait(false);
            var count = counted.Count;
            if (count < expected)
            {
                testKit.Assertions.Fail(
                    $"Timeout ({leeway}) while waiting for messages. Only received {count}/{expected} messages that matches filter [{Describe()}]");
            }
            else if (count > expected)
            {
                testKit.Assertions.Fail(
                    $"Received {count - expected} messages too many. Expected {expected} {Describe()} but received {count}");
            }

            return result;
        }
    }

    private string Describe() => string.Join(',', filters.Select(static f => f.Description));

    private sealed class Counter(int expected)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add()
        {
            // For none at all there is nothing to wait for but the end of the time.
            if (Interlocked.Increment(ref _count) == expected || expected == 0)
                _reached.TrySetResult();
        }

        public async Task Wait(TimeSpan timeout, CancellationToken cancellationToken)
        {
            try
            {
                await _reached.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The count says it.
            }
        }
    }

    private sealed class Muted : IUnmutableFilter
    {
        private readonly ActorSystem _system;
        private readonly IReadOnlyList<EventMatch> _filters;

        public Muted(ActorSystem system, IReadOnlyList<EventMatch> filters)
        {
            _system = system;
            _filters = filters;
            system.EventStream.Publish(new TestEventListener.MuteRequest(filters));
        }

        public void Unmute() => _system.EventStream.Publish(new TestEventListener.UnmuteRequest(_filters, null));

        public void Dispose() => Unmute();
    }
}
