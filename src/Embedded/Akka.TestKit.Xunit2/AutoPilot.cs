using Akka.Actor;

namespace Akka.TestKit;

public abstract class AutoPilot
{
    protected AutoPilot()
    {
    }

    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    public static KeepRunning KeepRunning => KeepRunning.Instance;

    public abstract AutoPilot Run(IActorRef sender, object message);
}
