using Akka.Event;

namespace Akka.Actor;

/// <summary>A timer, and its message on its way; whether it still counts is decided when its turn comes.</summary>
internal sealed class TimerMessage(object key, bool repeats, object message)
    : IAutoReceivedMessage, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    public object Key { get; } = key;

    public bool Repeats { get; } = repeats;

    public object Message { get; } = message;

    /// <summary>Stops it.</summary>
    public ICancelable Task { get; set; }

    public override string ToString() => $"Timer(key={Key}, message={Message})";
}
