namespace Akka.Actor;

internal sealed class ActorTimers(LocalRef owner) : ITimerScheduler
{
    // Most actors that have timers have one; only the others need a dictionary.
    private TimerMessage _one;
    private Dictionary<object, TimerMessage> _more;

    public IReadOnlyCollection<object> ActiveTimers => Active().Select(static timer => timer.Key).ToArray();

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, interval, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, ActorRefs.NoSender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => Find(key) is not null;

    public void Cancel(object key) => Remove(key)?.Task.Cancel();

    public void CancelAll()
    {
        foreach (var timer in Active())
            timer.Task.Cancel();
        _one = null;
        _more = null;
    }

    /// <summary>True where the message belongs to a timer that was neither cancelled nor replaced since.</summary>
    public bool Take(TimerMessage timer)
    {
        if (!ReferenceEquals(Find(timer.Key), timer))
            return false;
        if (!timer.Repeats)
            Remove(timer.Key);
        return true;
    }

    private void Start(object key, object msg, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(msg);
        Cancel(key);
        var timer = new TimerMessage(key, interval is not null, msg);
        var scheduler = owner.System.Scheduler;
        timer.Task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, owner, timer, sender)
            : scheduler.ScheduleTellOnceCancelable(delay, owner, timer, sender);
        if (_one is null)
            _one = timer;
        else
            (_more ??= []).Add(key, timer);
    }

    private TimerMessage Find(object key) =>
        _one is { } one && one.Key.Equals(key) ? one : _more?.GetValueOrDefault(key);

    private TimerMessage Remove(object key)
    {
        if (_one is { } one && one.Key.Equals(key))
        {
            _one = null;
            return one;
        }

        return _more is not null && _more.Remove(key, out var other) ? other : null;
    }

    private IEnumerable<TimerMessage> Active()
    {
        IEnumerable<TimerMessage> more = _more is null ? [] : _more.Values;
        return _one is null ? more : more.Prepend(_one);
    }
}
