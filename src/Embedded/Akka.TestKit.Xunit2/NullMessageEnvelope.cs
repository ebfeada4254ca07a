using Akka.Actor;

namespace Akka.TestKit;

public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    public override object Message => throw new IllegalActorStateException("last receive did not dequeue a message");

    public override IActorRef Sender => throw new IllegalActorStateException("last receive did not dequeue a message");

    public override string ToString() => "<null>";
}
