using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start;
    private readonly PriorityQueue<Entry, (long Due, long Number)> _entries = new();
    private DateTimeOffset _now;
    private long _number;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
        _start = _now = DateTimeOffset.UtcNow;
    }

    public DateTimeOffset Now => TimeNow;

    public TimeSpan MonotonicClock => TimeNow - _start;

    public TimeSpan HighResMonotonicClock => TimeNow - _start;

    public IAdvancedScheduler Advanced => this;

    protected DateTimeOffset TimeNow
    {
        get
        {
            lock (_gate)
                return _now;
        }
    }

    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);

        // The clock moves first: what is scheduled by those who react is counted from one time, however quick they are.
        DateTimeOffset target;
        lock (_gate)
            target = _now += offset;
        while (true)
        {
            Entry entry;
            lock (_gate)
            {
                if (!_entries.TryPeek(out entry, out var at) || at.Due > target.UtcTicks)
                    return;
                _entries.Dequeue();
                if (entry.Cancelable?.IsCancellationRequested == true)
                    continue;
                if (entry.Interval is { } interval)
                    _entries.Enqueue(entry, (at.Due + interval.Ticks, _number++));
            }

            entry.Run();
        }
    }

    public void AdvanceTo(DateTimeOffset when)
    {
        var offset = when - TimeNow;
        if (offset < TimeSpan.Zero)
            throw new InvalidOperationException("You can't reverse time...");
        Advance(offset);
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        Add(delay, null, () => receiver.Tell(message, sender), null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Add(delay, null, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given, TimeSpan.Zero, nameof(interval));
        lock (_gate)
            _entries.Enqueue(new Entry(action, interval, cancelable), ((_now + delay).UtcTicks, _number++));
    }

    private sealed record Entry(Action Run, TimeSpan? Interval, ICancelable Cancelable);
}
