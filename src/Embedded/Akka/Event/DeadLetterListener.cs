using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

public class DeadLetterListener : ActorBase
{
    private readonly EventStream _eventStream;
    private readonly int _maxCount;
    private int _count;
    private long _silentUntil;

    public DeadLetterListener()
    {
        _eventStream = Context.System.EventStream;
        _maxCount = Context.System.Settings.LogDeadLetters;
    }

    protected override void PreStart()
    {
        _eventStream.Subscribe(Self, typeof(DeadLetter));
        _eventStream.Subscribe(Self, typeof(UnhandledMessage));
    }

    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void PostStop() => _eventStream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter)
            return false;
        if (_count == int.MaxValue)
            _count = 0;
        _count++;
        if (Environment.TickCount64 < _silentUntil)
            return true;
        var last = _maxCount != int.MaxValue && _count >= _maxCount;
        var system = (ActorSystemImpl)Context.System;
        if (system.IsTerminating && !system.Settings.LogDeadLettersDuringShutdown)
            return true;
        var number = _count.ToString(CultureInfo.InvariantCulture);
        var what = letter is UnhandledMessage ? "was unhandled" : "was not delivered";
        var origin = letter.Sender is null || letter.Sender.Equals(Context.System.DeadLetters) ? "" : $" from {letter.Sender}";
        var done = last ? ", no more dead letters will be logged in next [" + system.Settings.LogDeadLettersSuspendDuration + "]" : "";
        _eventStream.Publish(new Info(
            letter.Recipient.Path.ToString(),
            letter.Recipient.GetType(),
            $"Message [{letter.Message.GetType().Name}]{origin} to {letter.Recipient} {what}. [{number}] dead letters encountered{done}. "
            + "If this is not an expected behavior then it may have terminated unexpectedly. This logging can be turned off or adjusted with "
            + "configuration settings 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'. "
            + $"Message content: {letter.Message}"));
        if (last)
        {
            _count = 0;
            var pause = system.Settings.LogDeadLettersSuspendDuration;
            _silentUntil = pause == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)pause.TotalMilliseconds;
        }

        return true;
    }
}
