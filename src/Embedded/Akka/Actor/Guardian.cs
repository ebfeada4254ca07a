namespace Akka.Actor;

/// <summary>Supervises what is started at the top.</summary>
internal sealed class Guardian(SupervisorStrategy strategy) : ActorBase
{
    protected override bool Receive(object message) => false;

    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void PreRestart(Exception reason, object message)
    {
        // The children live on.
    }
}
