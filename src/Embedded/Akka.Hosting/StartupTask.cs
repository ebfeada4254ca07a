using Akka.Actor;

namespace Akka.Hosting;

public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);
