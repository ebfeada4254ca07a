namespace Akka.Actor;

/// <summary>Waits for an actor's end on behalf of code outside any actor.</summary>
internal sealed class DeathWatcher(ActorPath path) : MinimalActorRef
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Terminated => _terminated.Task;

    public override ActorPath Path { get; } = path / "watcher";

    internal override void SendSystem(SystemMessage message)
    {
        if (message is SystemMessage.DeathWatchNotification)
            _terminated.TrySetResult();
    }
}
