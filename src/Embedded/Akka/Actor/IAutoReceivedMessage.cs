namespace Akka.Actor;

public interface IAutoReceivedMessage
{
}
