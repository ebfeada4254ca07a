using Akka.Event;

namespace Akka.TestKit;

/// <summary>A condition on log events that counts, for each who listens, what met it.</summary>
internal sealed class EventMatch(string description, Predicate<LogEvent> condition)
{
    public Action Matched { get; set; }

    public string Description => description;

    public EventMatch Copy() => new(description, condition);

    public bool Apply(LogEvent logEvent)
    {
        if (!condition(logEvent))
            return false;
        Matched?.Invoke();
        return true;
    }
}
