namespace Akka.Actor;

/// <summary>A signal between the runtime's own parts. Each is sent to one receiver, once, because it carries its own link.</summary>
internal abstract class SystemMessage
{
    public static readonly SystemMessage Closed = new Terminate();

    public SystemMessage Next;

    internal sealed class Suspend : SystemMessage;

    internal sealed class Resume(Exception cause) : SystemMessage
    {
        public Exception Cause { get; } = cause;
    }

    internal sealed class Recreate(Exception cause) : SystemMessage
    {
        public Exception Cause { get; } = cause;
    }

    internal sealed class Terminate : SystemMessage;

    internal sealed class StopChild(LocalRef child) : SystemMessage
    {
        public LocalRef Child { get; } = child;
    }

    internal sealed class Failed(LocalRef child, Exception cause) : SystemMessage
    {
        public LocalRef Child { get; } = child;

        public Exception Cause { get; } = cause;
    }

    internal sealed class Watch(InternalActorRefBase watcher) : SystemMessage
    {
        public InternalActorRefBase Watcher { get; } = watcher;
    }

    internal sealed class Unwatch(InternalActorRefBase watcher) : SystemMessage
    {
        public InternalActorRefBase Watcher { get; } = watcher;
    }

    internal sealed class DeathWatchNotification(InternalActorRefBase actor, bool existenceConfirmed) : SystemMessage
    {
        public InternalActorRefBase Actor { get; } = actor;

        public bool ExistenceConfirmed { get; } = existenceConfirmed;
    }

    /// <summary>A piece of an asynchronous handler, to be run as the actor.</summary>
    internal sealed class RunTask(ActorScheduler scheduler, Task task) : SystemMessage
    {
        public ActorScheduler Scheduler { get; } = scheduler;

        public Task Task { get; } = task;
    }

    /// <summary>An asynchronous handler has come to its end.</summary>
    internal sealed class TaskDone(Exception cause) : SystemMessage
    {
        public Exception Cause { get; } = cause;
    }
}
