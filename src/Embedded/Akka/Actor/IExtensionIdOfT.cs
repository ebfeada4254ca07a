namespace Akka.Actor;

#pragma warning disable MA0048 // the file of the plain interface has the name
public interface IExtensionId<T> : IExtensionId
    where T : IExtension
{
    new T Apply(ActorSystem system);

    new T Get(ActorSystem system);

    new T CreateExtension(ExtendedActorSystem system);
}
