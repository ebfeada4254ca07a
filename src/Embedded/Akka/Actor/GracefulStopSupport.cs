namespace Akka.Actor;

public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watched = InternalActorRefBase.From(target);
        var watcher = new DeathWatcher(target.Path);
        watched.SendSystem(new SystemMessage.Watch(watcher));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await watcher.Terminated.WaitAsync(timeout);
            return true;
        }
        catch (TimeoutException)
        {
            watched.SendSystem(new SystemMessage.Unwatch(watcher));
            return false;
        }
    }
}
