namespace Akka.Actor;

internal sealed class ActorTimers(LocalRef owner) : ITimerScheduler
{
    private readonly Dictionary<object, (int Generation, ICancelable Task)> _active = [];
    private int _generation;

    public IReadOnlyCollection<object> ActiveTimers => _active.Keys.ToArray();

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

    public bool IsTimerActive(object key) => _active.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_active.Remove(key, out var timer))
            timer.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _active.Values)
            timer.Task.Cancel();
        _active.Clear();
    }

    /// <summary>True where the message belongs to a timer that was neither cancelled nor replaced since.</summary>
    public bool Take(TimerMessage timer)
    {
        if (!ReferenceEquals(timer.Owner, this)
            || !_active.TryGetValue(timer.Key, out var active)
            || active.Generation != timer.Generation)
            return false;
        if (!timer.Repeats)
            _active.Remove(timer.Key);
        return true;
    }

    private void Start(object key, object msg, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(msg);
        Cancel(key);
        var generation = ++_generation;
        var message = new TimerMessage(this, key, generation, interval is not null, msg);
        var scheduler = owner.System.Scheduler;
        var task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, owner, message, sender)
            : scheduler.ScheduleTellOnceCancelable(delay, owner, message, sender);
        _active[key] = (generation, task);
    }
}
