namespace Akka.Actor;

public abstract class ExtendedActorSystem : ActorSystem
{
    protected ExtendedActorSystem()
    {
    }

    public abstract IActorRef SystemActorOf(Props props, string name = null);

    public abstract IActorRef SystemActorOf<[DynamicallyAccessedMembers(Props.Kept)] TActor>(string name = null)
        where TActor : ActorBase, new();
}
