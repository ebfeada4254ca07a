using Akka.Actor;

namespace Akka.TestKit;

public class TestProbe : TestKitBase, INoImplicitSender, IActorRef, IWrapsActorRef
{
    public TestProbe(ActorSystem system, ITestKitAssertions assertions, string testProbeName = null)
        : base(assertions, system, testProbeName)
    {
    }

    public IActorRef Ref => TestActor;

    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    InternalActorRefBase IWrapsActorRef.Wrapped => InternalActorRefBase.From(TestActor);

    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    public void Forward(IActorRef actor) => Forward(actor, LastMessage);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    public void Reply(object message) => LastSender.Tell(message, TestActor);

    void ICanTell.Tell(object message, IActorRef sender) => TestActor.Tell(message, sender);

    bool IEquatable<IActorRef>.Equals(IActorRef other) => TestActor.Equals(other);

    int IComparable<IActorRef>.CompareTo(IActorRef other) => TestActor.CompareTo(other);

    public int CompareTo(object obj) => TestActor.CompareTo(obj);

    public override bool Equals(object obj) => TestActor.Equals(obj);

    public override int GetHashCode() => TestActor.GetHashCode();

    public override string ToString() => TestActor.ToString();
}
