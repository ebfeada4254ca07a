namespace Embedded.Tests;

/// <summary>An actor that does what its test says.</summary>
internal sealed class Relay(Action<object, IUntypedActorContext> handle) : UntypedActor
{
    public static Props Of(Action<object, IUntypedActorContext> handle) => Props.Create(() => new Relay(handle));

    protected override void OnReceive(object message) => handle(message, Context);
}
