using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

public class EventFilterFactory
{
    private readonly TestKitBase _testKit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<EventMatch> _filters;

    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, Array.Empty<EventMatch>())
    {
    }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<EventMatch> filters)
    {
        _testKit = testkit;
        _system = system;
        _filters = filters;
    }

    public IEventFilterApplier Exception<TException>(Regex pattern, string source = null)
        where TException : Exception => Exception(typeof(TException), pattern, source);

    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string source = null, bool checkInnerExceptions = false) =>
        OfException(exceptionType, pattern.IsMatch, source, checkInnerExceptions);

    public IEventFilterApplier Exception<TException>(string message = null, string start = null, string contains = null, string source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception(
        Type exceptionType,
        string message = null,
        string start = null,
        string contains = null,
        string source = null,
        bool checkInnerExceptions = false) =>
        OfException(exceptionType, Text(message, start, contains), source, checkInnerExceptions);

    public IEventFilterApplier Error(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    public IEventFilterApplier Error(Regex pattern, string source = null) => ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    public IEventFilterApplier Warning(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Warning(Regex pattern, string source = null) => ForLogLevel(LogLevel.WarningLevel, pattern, source);

    public IEventFilterApplier Info(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Info(Regex pattern, string source = null) => ForLogLevel(LogLevel.InfoLevel, pattern, source);

    public IEventFilterApplier Debug(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Debug(Regex pattern, string source = null) => ForLogLevel(LogLevel.DebugLevel, pattern, source);

    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string message = null, string start = null, string contains = null, string source = null) =>
        OfLevel(logLevel, Text(message, start, contains), source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string source = null) =>
        OfLevel(logLevel, pattern.IsMatch, source);

    public IEventFilterApplier DeadLetter() => OfDeadLetter("DeadLetter", static _ => true, null);

    public IEventFilterApplier DeadLetter<TMessage>(string source = null) => DeadLetter(typeof(TMessage), source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string source = null) =>
        OfDeadLetter($"DeadLetter<{typeof(TMessage).Name}>", message => message is TMessage typed && isMatch(typed), source);

    public IEventFilterApplier DeadLetter(Type type, string source = null) => DeadLetter(type, static _ => true, source);

    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string source = null) =>
        OfDeadLetter($"DeadLetter<{type.Name}>", message => type.IsInstanceOfType(message) && isMatch(message), source);

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Custom<LogEvent>(predicate);

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent =>
        Apply(new EventMatch("Custom", logEvent => logEvent is TLogEvent typed && predicate(typed)));

    private static Func<string, bool> Text(string message, string start, string contains)
    {
        if (message is not null)
            return text => text == message;
        if (start is not null)
            return text => text?.StartsWith(start, StringComparison.Ordinal) == true;
        if (contains is not null)
            return text => text?.Contains(contains, StringComparison.Ordinal) == true;
        return static _ => true;
    }

    private static bool IsFrom(string wanted, string source)
    {
        if (wanted is null || wanted == source)
            return true;

        // A source may be given as an actor's path without its system.
        return ActorPath.TryParse(source, out var path) && (path.ToStringWithoutAddress() == wanted || path.ToString() == wanted);
    }

    private EventFilterApplier OfLevel(LogLevel level, Func<string, bool> text, string source) =>
        Apply(new EventMatch(
            level.StringFor(),
            logEvent => logEvent.LogLevel() == level && IsFrom(source, logEvent.LogSource) && text(logEvent.Message?.ToString() ?? "")));

    private static bool Matches(Exception cause, Type type, Func<string, bool> text, string message, bool inner)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (type.IsInstanceOfType(cause) && (text(message) || text(cause.Message)))
                return true;
            if (!inner)
                return false;
        }

        return false;
    }

    private EventFilterApplier OfException(Type type, Func<string, bool> text, string source, bool inner) =>
        Apply(new EventMatch(
            type.Name,
            logEvent => logEvent is Error
                && IsFrom(source, logEvent.LogSource)
                && Matches(logEvent.Cause, type, text, logEvent.Message?.ToString() ?? "", inner)));

    private EventFilterApplier OfDeadLetter(string description, Func<object, bool> isMatch, string source) =>
        Apply(new EventMatch(
            description,
            logEvent => logEvent is Warning { Message: DeadLetter letter } && isMatch(letter.Message) && IsFrom(source, logEvent.LogSource)));

    private EventFilterApplier Apply(EventMatch filter) => new(_testKit, _system, [.. _filters, filter]);
}
