namespace Akka.Actor;

public abstract class ReceiveActor : UntypedActor
{
    private HandlerList _handlers;
    private bool _configuring = true;

    protected ReceiveActor()
    {
    }

    protected sealed override void OnReceive(object message)
    {
        if (!_handlers.TryHandle(message))
            Unhandled(message);
    }

    /// <summary>The constructor is done: handlers are added inside Become only.</summary>
    internal void Seal()
    {
        _handlers.Seal();
        _configuring = false;
    }

    protected void Become(Action configure) => base.Become(Configure(configure));

    protected void BecomeStacked(Action configure) => base.BecomeStacked(Configure(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (shouldHandle is null)
            Add(MessageHandler.Plain<T>.Instance, handler);
        else
            Add(MessageHandler.When<T>.Instance, Tuple.Create(handler, shouldHandle));
    }

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(MessageHandler.Deciding<T>.Instance, handler);
    }

    protected void Receive(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(
            shouldHandle is null && messageType == typeof(object) ? MessageHandler.OfType.All : MessageHandler.OfType.Some,
            Tuple.Create<Type, Func<object, bool>>(messageType, message =>
            {
                if (shouldHandle?.Invoke(message) == false)
                    return false;
                handler(message);
                return true;
            }));
    }

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(MessageHandler.OfType.Some, Tuple.Create(messageType, handler));
    }

    protected void ReceiveAny(Action<object> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(MessageHandler.Plain<object>.Instance, handler);
    }

    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(shouldHandle is null ? MessageHandler.Async<T>.Any : MessageHandler.Async<T>.Chosen, Tuple.Create(handler, shouldHandle));
    }

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(
            shouldHandle is null && messageType == typeof(object) ? MessageHandler.Async<object>.Any : MessageHandler.Async<object>.Chosen,
            Tuple.Create<Func<object, Task>, Predicate<object>>(
                handler, message => messageType.IsInstanceOfType(message) && shouldHandle?.Invoke(message) != false));
    }

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(MessageHandler.Async<object>.Any, Tuple.Create<Func<object, Task>, Predicate<object>>(handler, null));
    }

    private Receive Configure(Action configure)
    {
        var (outer, wasConfiguring) = (_handlers, _configuring);
        _handlers = default;
        _configuring = true;
        try
        {
            configure();
            _handlers.Seal();
            return new Table(_handlers).Receive;
        }
        finally
        {
            (_handlers, _configuring) = (outer, wasConfiguring);
        }
    }

    private void Add(MessageHandler kind, object given)
    {
        if (!_configuring)
            throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
        _handlers.Add(kind, given);
    }

    private sealed class Table(HandlerList handlers)
    {
        public bool Receive(object message) => handlers.TryHandle(message);
    }
}
