namespace Akka.Actor;

public static class ActorRefImplicitSenderExtensions
{
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, LocalRef.Current ?? ImplicitSender.Ambient);

    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, LocalRef.Current?.Sender);
}
