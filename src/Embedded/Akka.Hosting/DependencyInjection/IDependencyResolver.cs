using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace Akka.DependencyInjection;

public interface IDependencyResolver
{
    IResolverScope CreateScope();

    object GetService(Type type);

    T GetService<T>();

    Props Props([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type);

    Props Props([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, params object[] args);

    Props Props<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(params object[] args)
        where T : ActorBase;
}
