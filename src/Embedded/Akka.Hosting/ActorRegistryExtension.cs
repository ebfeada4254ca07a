using Akka.Actor;

namespace Akka.Hosting;

public sealed class ActorRegistryExtension : ExtensionIdProvider<ActorRegistry>
{
    public ActorRegistryExtension()
    {
    }

    public override ActorRegistry CreateExtension(ExtendedActorSystem system) => new();
}
