using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

public class TestEventListener : DefaultLogger
{
    private readonly List<EventMatch> _filters = [];

    public TestEventListener()
    {
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                initialize.LoggingBus.Subscribe(Self, typeof(MuteRequest));
                initialize.LoggingBus.Subscribe(Self, typeof(UnmuteRequest));
                initialize.LoggingBus.Subscribe(Self, typeof(DeadLetter));
                initialize.LoggingBus.Subscribe(Self, typeof(UnhandledMessage));
                Sender.Tell(new LoggerInitialized());
                break;
            case MuteRequest mute:
                _filters.AddRange(mute.Filters);
                break;
            case UnmuteRequest unmute:
                foreach (var filter in unmute.Filters)
                    _filters.Remove(filter);
                unmute.Done?.TrySetResult();
                break;
            case LogEvent logEvent:
                if (!IsFiltered(logEvent))
                    Print(logEvent);
                break;
            case DeadLetter letter:
                Show(new Warning(letter.Recipient.Path.ToString(), letter.Recipient.GetType(), letter));
                break;
            case UnhandledMessage unhandled:
                Show(new Warning(
                    unhandled.Recipient.Path.ToString(),
                    unhandled.Recipient.GetType(),
                    $"Unhandled message from {unhandled.Sender}: {unhandled.Message}"));
                break;
            default:
                return false;
        }

        return true;
    }

    private void Show(Warning warning)
    {
        if (!IsFiltered(warning) && Context.System.EventStream.LogLevel <= LogLevel.WarningLevel)
            Print(warning);
    }

    private bool IsFiltered(LogEvent logEvent)
    {
        foreach (var filter in _filters)
        {
            if (filter.Apply(logEvent))
                return true;
        }

        return false;
    }

    internal sealed record MuteRequest(IReadOnlyList<EventMatch> Filters) : INoSerializationVerificationNeeded;

    internal sealed record UnmuteRequest(IReadOnlyList<EventMatch> Filters, TaskCompletionSource Done) : INoSerializationVerificationNeeded;
}
