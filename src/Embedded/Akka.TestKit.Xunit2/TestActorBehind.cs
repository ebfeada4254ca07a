using Akka.Actor;

namespace Akka.TestKit;

/// <summary>The actor behind a test: hands what it receives to the test's queue.</summary>
internal sealed class TestActorBehind(MessageQueue queue) : ActorBase
{
    private TestActor.Ignore _ignore;
    private AutoPilot _pilot;

    protected override SupervisorStrategy SupervisorStrategy() => new ChildStrategies();

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                return true;
            case TestActor.SetAutoPilot set:
                _pilot = set.AutoPilot;
                return true;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                return true;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                return true;
            case SpawnChild spawn:
                var child = spawn.Name is null ? Context.ActorOf(spawn.Props) : Context.ActorOf(spawn.Props, spawn.Name);
                spawn.Made.SetResult(child);
                return true;
        }

        // First the pilot, so that what it did is done when the test sees the message.
        if (_pilot is not null and not NoAutoPilot)
        {
            var next = _pilot.Run(Sender, message);
            if (next is not Akka.TestKit.KeepRunning)
                _pilot = next;
        }

        if (_ignore?.Invoke(message) != true)
            queue.Add(new RealMessageEnvelope(message, Sender));
        return true;
    }

    protected override void Unhandled(object message)
    {
    }

    internal sealed record SpawnChild(Props Props, string Name, TaskCompletionSource<IActorRef> Made);

    private sealed class ChildStrategies : OneForOneStrategy
    {
    }
}
