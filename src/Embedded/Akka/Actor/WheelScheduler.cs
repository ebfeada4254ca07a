using System.Diagnostics;

namespace Akka.Actor;

/// <summary>
/// A hashed timing wheel: adding and cancelling are a list operation each, however many timers there are. One background
/// thread turns it, and sleeps while it is empty.
/// </summary>
internal sealed class WheelScheduler : IScheduler, IAdvancedScheduler, IDisposable
{
    private const int Slots = 512;
    private const int IdleTicksBeforeSleep = 100;

    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Entry[] _wheel = new Entry[Slots];
    private readonly long _tick;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Action<Exception> _report;
    private readonly AutoResetEvent _work = new(initialState: false);
    private readonly Thread _thread;
    private long _done;
    private int _count;
    private bool _sleeping;
    private volatile bool _disposed;

    public WheelScheduler(TimeSpan tick, Action<Exception> report)
    {
        _tick = Math.Max(1, tick.Ticks);
        _report = report;
        _thread = new Thread(Turn) { IsBackground = true, Name = "akka-scheduler" };
        _thread.Start();
    }

    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now => DateTimeOffset.Now;

    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_start);

    public TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(_start);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        AddTell(delay, null, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        AddTell(delay, null, receiver, message, sender, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        AddTell(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        AddTell(initialDelay, interval, receiver, message, sender, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => AddAction(delay, null, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => AddAction(delay, null, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        AddAction(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        AddAction(initialDelay, interval, action, null);

    public ICancelable AddTell(
        TimeSpan delay, TimeSpan? interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(new TellEntry(this, receiver, message, sender), delay, interval, cancelable);

    public ICancelable AddAction(TimeSpan delay, TimeSpan? interval, Action action, ICancelable cancelable) =>
        Add(new ActionEntry(this, action), delay, interval, cancelable);

    /// <summary>Lets an own kind of entry take part, for what schedules by the million.</summary>
    public void Add(Entry entry, TimeSpan delay) => Add(entry, delay, null, null);

    public void Dispose()
    {
        _disposed = true;
        _work.Set();

        // An action that itself waits for the end must not be waited for without end.
        if (Thread.CurrentThread != _thread && _thread.Join(ShutdownLimit))
            _work.Dispose();
    }

    private Entry Add(Entry entry, TimeSpan delay, TimeSpan? interval, ICancelable cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given, TimeSpan.Zero, nameof(interval));
        if (cancelable?.IsCancellationRequested == true)
            return entry;
        entry.Interval = interval?.Ticks ?? 0;
        entry.External = cancelable;
        entry.Due = Stopwatch.GetElapsedTime(_start).Ticks + delay.Ticks;
        if (entry.Due < 0)
            entry.Due = long.MaxValue - _tick;
        bool wake;
        lock (_gate)
        {
            if (_disposed)
                throw new SchedulerException("cannot enqueue after timer shutdown");
            if (_count == 0)
                _done = Math.Max(_done, (Stopwatch.GetElapsedTime(_start).Ticks / _tick) - 1);
            Link(entry);
            wake = _sleeping;
            _sleeping = false;
        }

        if (wake)
            _work.Set();
        return entry;
    }

    private void Link(Entry entry)
    {
        // The tick after the due time: a timer may be late by a tick, never early.
        var tick = Math.Max((entry.Due / _tick) + 1, _done + 1);
        ref var slot = ref _wheel[tick % Slots];
        entry.Tick = tick;
        entry.Previous = null;
        entry.Next = slot;
        if (slot is not null)
            slot.Previous = entry;
        slot = entry;
        entry.Linked = true;
        _count++;
    }

    private void Unlink(Entry entry)
    {
        if (!entry.Linked)
            return;
        if (entry.Previous is null)
            _wheel[entry.Tick % Slots] = entry.Next;
        else
            entry.Previous.Next = entry.Next;
        if (entry.Next is not null)
            entry.Next.Previous = entry.Previous;
        entry.Next = entry.Previous = null;
        entry.Linked = false;
        _count--;
    }

    private void Turn()
    {
        var due = new List<Entry>();
        var idleTicks = 0;
        while (!_disposed)
        {
            long next;
            lock (_gate)
            {
                var now = Stopwatch.GetElapsedTime(_start).Ticks / _tick;
                while (_done < now && _count > 0)
                {
                    _done++;
                    for (var entry = _wheel[_done % Slots]; entry is not null;)
                    {
                        var following = entry.Next;
                        if (entry.Tick <= _done)
                        {
                            Unlink(entry);
                            due.Add(entry);
                        }

                        entry = following;
                    }
                }

                // Slots are last in, first out; who is due first goes first.
                due.Sort(static (a, b) => a.Due.CompareTo(b.Due));
                foreach (var entry in due)
                {
                    if (entry.Interval > 0 && !entry.IsOver)
                    {
                        entry.Due += entry.Interval;
                        Link(entry);
                    }
                }

                // Waking the thread costs far more than a few empty turns, and one timeout after another comes and goes.
                idleTicks = _count == 0 && due.Count == 0 ? idleTicks + 1 : 0;
                _sleeping = idleTicks > IdleTicksBeforeSleep;
                next = _sleeping ? -1 : _count == 0 ? now + 1 : _done + 1;
            }

            foreach (var entry in due)
                Fire(entry);
            var fired = due.Count > 0;
            due.Clear();
            if (fired)
                continue;
            if (next < 0)
            {
                _work.WaitOne();
                idleTicks = 0;
                continue;
            }

            var wait = (next * _tick) - Stopwatch.GetElapsedTime(_start).Ticks;
            if (wait > 0)
                Thread.Sleep((int)Math.Min(int.MaxValue, (wait / TimeSpan.TicksPerMillisecond) + 1));
        }
    }

    private void Fire(Entry entry)
    {
        if (entry.IsOver)
            return;
        try
        {
            entry.Fire();
        }
        catch (Exception e)
        {
            _report(e);
        }
    }

    internal abstract class Entry(WheelScheduler scheduler) : ICancelable
    {
        public Entry Next;
        public Entry Previous;
        public long Due;
        public long Tick;
        public long Interval;
        public ICancelable External;
        public bool Linked;
        private volatile bool _canceled;
        private CancellationTokenSource _source;

        public bool IsOver => _canceled || External?.IsCancellationRequested == true;

        public bool IsCancellationRequested => _canceled;

        public CancellationToken Token
        {
            get
            {
                lock (scheduler._gate)
                {
                    if (_source is null)
                    {
                        _source = new CancellationTokenSource();
                        if (_canceled)
                            _source.Cancel();
                    }

                    return _source.Token;
                }
            }
        }

        public abstract void Fire();

        public void Cancel() => Cancel(throwOnFirstException: false);

        public void Cancel(bool throwOnFirstException)
        {
            lock (scheduler._gate)
            {
                _canceled = true;
                scheduler.Unlink(this);
            }

            _source?.Cancel(throwOnFirstException);
        }

        public void CancelAfter(TimeSpan delay) => scheduler.ScheduleOnce(delay, Cancel);

        public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));
    }

    private sealed class TellEntry(WheelScheduler scheduler, ICanTell receiver, object message, IActorRef sender) : Entry(scheduler)
    {
        public override void Fire() => receiver.Tell(message, sender);
    }

    private sealed class ActionEntry(WheelScheduler scheduler, Action action) : Entry(scheduler)
    {
        // On the wheel's own thread: actions run one after the other, and in the order in which they are due.
        public override void Fire() => action();
    }
}
