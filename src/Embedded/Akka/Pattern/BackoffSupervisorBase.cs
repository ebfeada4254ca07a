using Akka.Actor;

namespace Akka.Pattern;

public abstract class BackoffSupervisorBase : ActorBase
{
    internal BackoffSupervisorBase()
    {
    }
}
