namespace Akka.Actor;

public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var future = Open<T>(self, timeout, cancellationToken);
        self.Tell(message, future);
        ActorWorker.HandOverNext();
        return future.Task;
    }

    public static Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var future = Open<T>(self, timeout, cancellationToken);
        self.Tell(messageFactory(future), future);
        ActorWorker.HandOverNext();
        return future.Task;
    }

    private static FutureRef<T> Open<T>(ICanTell self, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var system = SystemOf(self)
            ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(self));
        var future = new FutureRef<T>(system);
        var limit = timeout ?? system.Settings.AskTimeout;
        if (limit != Timeout.InfiniteTimeSpan && limit > TimeSpan.Zero)
            future.ExpireAfter(limit);
        future.CancelWith(cancellationToken);
        return future;
    }

    private static ActorSystemImpl SystemOf(ICanTell target) => target switch
    {
        LocalRef local => local.SystemImpl,
        ActorSelection selection => SystemOf(selection.Anchor),
        IWrapsActorRef wrapper => SystemOf(wrapper.Wrapped),
        SystemRef known => known.System,
        _ => LocalRef.Current?.SystemImpl,
    };
}
