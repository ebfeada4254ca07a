using Akka.Event;

namespace Akka.Actor;

/// <summary>A timer's message on its way; whether it still counts is decided when its turn comes.</summary>
internal sealed class TimerMessage(ActorTimers owner, object key, int generation, bool repeats, object message)
    : IAutoReceivedMessage, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    public ActorTimers Owner { get; } = owner;

    public object Key { get; } = key;

    public int Generation { get; } = generation;

    public bool Repeats { get; } = repeats;

    public object Message { get; } = message;

    public override string ToString() => $"Timer(key={Key}, generation={Generation}, message={Message})";
}
