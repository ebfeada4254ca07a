namespace Akka.Actor.Setup;

public abstract class Setup
{
    protected Setup()
    {
    }

    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Empty.With(this).With(other);
}
