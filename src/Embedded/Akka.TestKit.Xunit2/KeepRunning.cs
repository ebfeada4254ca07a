using Akka.Actor;

namespace Akka.TestKit;

public sealed class KeepRunning : AutoPilot
{
    public static KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("Must not call");
}
