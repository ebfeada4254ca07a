using Akka.Actor;

namespace Akka.TestKit;

public static class TestActor
{
    public delegate bool Ignore(object message);

    public class SetIgnore : INoSerializationVerificationNeeded
    {
        public SetIgnore(Ignore ignore)
        {
            Ignore = ignore;
        }

        public Ignore Ignore { get; }
    }

    public class Watch : INoSerializationVerificationNeeded
    {
        public Watch(IActorRef actorToWatch)
        {
            Actor = actorToWatch;
        }

        public IActorRef Actor { get; }
    }

    public class Unwatch : INoSerializationVerificationNeeded
    {
        public Unwatch(IActorRef actorToUnwatch)
        {
            Actor = actorToUnwatch;
        }

        public IActorRef Actor { get; }
    }

    public class SetAutoPilot : INoSerializationVerificationNeeded
    {
        public SetAutoPilot(AutoPilot autoPilot)
        {
            AutoPilot = autoPilot;
        }

        public AutoPilot AutoPilot { get; }
    }
}
