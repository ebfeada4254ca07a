namespace Akka.Event;

/// <summary>A template and its values, put together when somebody reads it.</summary>
internal sealed class FormattedLogMessage(ILogMessageFormatter formatter, string format, object[] args) : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => args;

    public override string Unformatted() => $"{Format}: {string.Join(',', args)}";

    public override string ToString()
    {
        try
        {
            return Formatter.Format(Format, args);
        }
        catch (FormatException e)
        {
            // A bad template must not cost the log entry.
            return $"{Unformatted()} ({e.Message})";
        }
    }
}
