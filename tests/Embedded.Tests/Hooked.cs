namespace Embedded.Tests;

/// <summary>Reports every hook to an observer, in order, and fails when told to.</summary>
internal sealed class Hooked : UntypedActor
{
    private readonly IActorRef _observer;

    public Hooked(IActorRef observer)
    {
        _observer = observer;
        Say("ctor");
    }

    public static Props Of(IActorRef observer) => Props.Create(() => new Hooked(observer));

    protected override void PreStart()
    {
        Say("prestart");
        base.PreStart();
    }

    protected override void PostStop()
    {
        Say("poststop");
        base.PostStop();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        Say($"prerestart {reason.Message} {(message as Exception)?.Message ?? message}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Say($"postrestart {reason.Message}");
        base.PostRestart(reason);
    }

    protected override void OnReceive(object message)
    {
        if (message is Exception failure)
            throw failure;
        Say($"got {message}");
    }

    private void Say(string what) => _observer.Tell(what, ActorRefs.NoSender);
}
