namespace Akka.Actor;

/// <summary>Takes the one answer to a question asked from outside.</summary>
internal sealed class FutureRef<T> : MinimalActorRef
{
    private readonly ActorSystemImpl _system;
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActorPath _path;
    private Expiry _expiry;
    private CancellationTokenRegistration _cancellation;

    public FutureRef(ActorSystemImpl system)
    {
        _system = system;
    }

    public Task<T> Task => _result.Task;

    public override ActorPath Path
    {
        get
        {
            if (_path is null)
                Interlocked.CompareExchange(ref _path, _system.NextTempPath(), null);
            return _path;
        }
    }

    public void CancelWith(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            _cancellation = token.UnsafeRegister(
                static (state, canceled) =>
                {
                    var future = (FutureRef<T>)state;
                    if (future._result.TrySetCanceled(canceled))
                        future.Close();
                },
                this);
        }
    }

    public void ExpireAfter(TimeSpan timeout)
    {
        if (_system.Scheduler is WheelScheduler wheel)
        {
            _expiry = new Expiry(wheel, this, timeout);
            wheel.Add(_expiry, timeout);
        }
        else
        {
            _system.Scheduler.Advanced.ScheduleOnce(timeout, () => Expire(timeout));
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var taken = message switch
        {
            T answer => _result.TrySetResult(answer),
            Status.Failure failure => _result.TrySetException(
                failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            _ => _result.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (taken)
            Close();
        else
            _system.DeadLetterRef.Publish(message, sender, this);
    }

    private void Expire(TimeSpan timeout)
    {
        if (_result.TrySetException(new AskTimeoutException($"Timeout after {timeout.TotalSeconds} seconds")))
            Close();
    }

    private void Close()
    {
        _expiry?.Cancel();
        _cancellation.Unregister();
    }

    private sealed class Expiry(WheelScheduler scheduler, FutureRef<T> future, TimeSpan timeout) : WheelScheduler.Entry(scheduler)
    {
        public override void Fire() => future.Expire(timeout);
    }
}
