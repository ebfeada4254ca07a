using Akka.Actor;
using Akka.DependencyInjection;

namespace Akka.Hosting;

public delegate Task ActorStarterWithResolver(ActorSystem system, IActorRegistry registry, IDependencyResolver resolver);
