namespace Akka.Dispatch;

public interface IRequiresMessageQueue<T>
{
}
