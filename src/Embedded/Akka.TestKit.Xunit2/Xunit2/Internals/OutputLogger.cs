using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Writes the log into the test's own output.</summary>
internal sealed class OutputLogger(ITestOutputHelper output, string prefix) : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                initialize.LoggingBus.Subscribe(Self, typeof(LogEvent));
                return true;
            case LogEvent logEvent:
                Write(logEvent);
                return true;
            default:
                return false;
        }
    }

    private void Write(LogEvent logEvent)
    {
        try
        {
            output.WriteLine(prefix is null ? logEvent.ToString() : prefix + logEvent);
        }
        catch (InvalidOperationException)
        {
            // The test is over; its output takes nothing more.
            Context.Stop(Self);
        }
    }
}
