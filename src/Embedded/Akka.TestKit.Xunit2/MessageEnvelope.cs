using Akka.Actor;

namespace Akka.TestKit;

public abstract class MessageEnvelope
{
    protected MessageEnvelope()
    {
    }

    public abstract object Message { get; }

    public abstract IActorRef Sender { get; }
}
