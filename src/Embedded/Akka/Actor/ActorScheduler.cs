namespace Akka.Actor;

/// <summary>Brings the continuations of an asynchronous handler back into its actor.</summary>
internal sealed class ActorScheduler(LocalRef owner) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    public void Execute(Task task) => TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    protected override void QueueTask(Task task) => owner.SendSystem(new SystemMessage.RunTask(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(LocalRef.Current, owner) && TryExecuteTask(task);
}
