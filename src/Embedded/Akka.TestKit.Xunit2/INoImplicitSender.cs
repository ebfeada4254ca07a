namespace Akka.TestKit;

public interface INoImplicitSender
{
}
