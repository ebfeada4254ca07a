using System.Runtime.ExceptionServices;

namespace Akka.Actor;

internal sealed partial class LocalRef
{
    internal SupervisorStrategy Strategy => _props.SupervisorStrategy ?? _actor?.Strategy ?? SupervisorStrategy.DefaultStrategy;

    private int Awaited => _extras?.Awaited ?? 0;

    internal void RunAsync(Func<Task> work)
    {
        var outer = new Task<Task>(static state => ((Func<Task>)state)(), work);
        outer.RunSynchronously(Extras.Scheduler ??= new ActorScheduler(this));
        if (outer.IsFaulted)
            ExceptionDispatchInfo.Throw(CauseOf(outer));
        var inner = outer.Result;
        if (inner is null || inner.IsCompletedSuccessfully)
            return;
        if (inner.IsCompleted)
            ExceptionDispatchInfo.Throw(CauseOf(inner));
        _suspended++;
        Extras.Awaited++;
        _ = inner.ContinueWith(
            static (task, state) => ((LocalRef)state).SendSystem(new SystemMessage.TaskDone(CauseOf(task))),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static Exception CauseOf(Task task)
    {
        if (task.IsCanceled)
            return new TaskCanceledException(task);
        if (task.Exception is not { } all)
            return null;
        var flat = all.Flatten();
        return flat.InnerExceptions.Count == 1 ? flat.InnerExceptions[0] : flat;
    }

    private void Handle(SystemMessage signal)
    {
        switch (signal)
        {
            case SystemMessage.RunTask run:
                run.Scheduler.Execute(run.Task);
                break;
            case SystemMessage.TaskDone done:
                _suspended--;
                Extras.Awaited--;
                if (done.Cause is not null)
                    ExceptionDispatchInfo.Throw(done.Cause);
                _message = null;
                break;
            case SystemMessage.DeathWatchNotification death:
                WatchedTerminated(death);
                break;
            case SystemMessage.Failed failed:
                ChildFailed(failed.Child, failed.Cause);
                break;
            case SystemMessage.Suspend:
                _suspended++;
                SuspendChildren(except: null);
                break;
            case SystemMessage.Resume resume:
                FaultResume(resume.Cause);
                break;
            case SystemMessage.Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case SystemMessage.Terminate:
                Terminate();
                break;
            case SystemMessage.StopChild stop:
                Stop(stop.Child);
                break;
            case SystemMessage.Watch watch:
                AddWatcher(watch.Watcher);
                break;
            case SystemMessage.Unwatch unwatch:
                RemoveWatcher(unwatch.Watcher);
                break;
        }
    }

    private void CreateActor()
    {
        try
        {
            MakeActor();
            _actor.AroundPreStart();
            if (_system.EmitsTelemetry)
                _system.EventStream.Publish(new ActorStarted(this, _actor.GetType()));
        }
        catch (Exception e)
        {
            DropActor();
            HandleFailure(e as ActorInitializationException ?? new ActorInitializationException(this, "Exception during creation", e), null);
        }
    }

    private void MakeActor()
    {
        var actor = _props.NewActor() ?? throw new ActorInitializationException(this, "Actor instance passed to ActorOf can't be 'null'");
        (actor as ReceiveActor)?.Seal();
        _actor = actor;
    }

    /// <summary>The actor has thrown: nothing runs here or below until the parent has decided.</summary>
    private void HandleFailure(Exception cause, LocalRef perpetrator)
    {
        _suspended++;
        Extras.FailedThrough ??= perpetrator ?? this;
        SuspendChildren(except: perpetrator);
        _parent.SendSystem(new SystemMessage.Failed(this, cause));
    }

    private void ChildFailed(LocalRef child, Exception cause)
    {
        if (_extras?.Children?.Contains(child) != true)
            return;
        if (!Strategy.HandleFailure(this, child, cause))
            ExceptionDispatchInfo.Throw(cause);
    }

    private void FaultResume(Exception cause)
    {
        if (_terminating)
            return;
        if (_actor is null)
        {
            FaultCreate();
            return;
        }

        var perpetrator = _extras?.FailedThrough;
        Unsuspend();
        if (_suspended == 0)
            _message = null;
        if (cause is not null && _extras is not null)
            _extras.FailedThrough = null;
        ResumeChildren(cause, perpetrator);
    }

    /// <summary>Takes back one suspension; an asynchronous handler's own ends with the handler alone.</summary>
    private void Unsuspend()
    {
        if (_suspended > Awaited)
            _suspended--;
    }

    private void FaultCreate()
    {
        CancelReceiveTimeout();
        StopChildren();
        if (!WaitForChildren(ChildMap.Waiting.Creation, null))
            FinishCreate();
    }

    private void FinishCreate()
    {
        Unsuspend();
        Extras.FailedThrough = null;
        CreateActor();
    }

    private void FaultRecreate(Exception cause)
    {
        if (_terminating)
            return;
        if (_actor is null)
        {
            FaultCreate();
            return;
        }

        var failed = _actor;
        try
        {
            failed.AroundPreRestart(cause, _message);
        }
        catch (Exception e)
        {
            Report(new PreRestartException(this, e, cause, _message), e.Message);
        }

        _extras?.Stash?.UnstashAll();
        DropActor();
        CancelReceiveTimeout();
        if (!WaitForChildren(ChildMap.Waiting.Recreation, cause))
            FinishRecreate(cause);
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = ChildSnapshot();
        try
        {
            Unsuspend();
            Extras.FailedThrough = null;
            MakeActor();
            var message = _message;
            _message = null;
            _actor.AroundPostRestart(cause, message);
            if (_system.EmitsTelemetry)
                _system.EventStream.Publish(new ActorRestarted(this, _actor.GetType(), cause));
            foreach (var child in survivors)
                child.SendSystem(new SystemMessage.Recreate(cause));
        }
        catch (Exception e)
        {
            DropActor();
            HandleFailure(new PostRestartException(this, e, cause), null);
        }
    }

    private void DropActor()
    {
        var actor = _actor;
        _actor = null;
        _behavior = null;
        _extras?.Behaviors?.Clear();
        _extras?.Timers?.CancelAll();
        if (actor is null)
            return;
        try
        {
            if (_props.Producer is { } producer)
                producer.Release(actor);
            else
                (actor as IDisposable)?.Dispose();
        }
        catch (Exception e)
        {
            Report(e, "Releasing the actor failed: " + e.Message);
        }
    }

    private void Terminate()
    {
        if (_terminating)
            return;
        _terminating = true;
        CancelReceiveTimeout();
        UnwatchAll();
        StopChildren();
        if (WaitForChildren(ChildMap.Waiting.Termination, null))
        {
            _suspended++;
            Extras.FailedThrough ??= this;
        }
        else
        {
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        var type = _actor?.GetType();
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            Report(e, e.Message);
        }

        _extras?.Stash?.UnstashAll();
        DropActor();
        CloseMailbox();
        if (HasSubscriptions)
            _system.EventStream.Unsubscribe(this);
        _parent.SendSystem(new SystemMessage.DeathWatchNotification(this, existenceConfirmed: true));
        TellWatchers();
        UnwatchAll();
        _message = null;
        _sender = null;
        _extras = null;
        if (_system.EmitsTelemetry && type is not null)
            _system.EventStream.Publish(new ActorStopped(this, type));
    }
}
