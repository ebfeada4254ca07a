namespace Akka.Actor;

public abstract class ReceiveActor : UntypedActor
{
    private MessageHandler _first;
    private Table _configuring;

    protected ReceiveActor()
    {
        _configuring = new Table();
    }

    protected sealed override void OnReceive(object message)
    {
        for (var handler = _first; handler is not null; handler = handler.Next)
        {
            if (handler.TryHandle(message))
                return;
        }

        Unhandled(message);
    }

    /// <summary>The constructor is done: handlers are added inside Become only.</summary>
    internal void Seal()
    {
        _first = _configuring?.First;
        _configuring = null;
    }

    protected void Become(Action configure) => base.Become(Configure(configure));

    protected void BecomeStacked(Action configure) => base.BecomeStacked(Configure(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (shouldHandle is null)
            Add(new MessageHandler.Plain<T>(handler), takesAll: typeof(T) == typeof(object));
        else
            Add(new MessageHandler.When<T>(handler, shouldHandle));
    }

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new MessageHandler.Deciding<T>(handler));
    }

    protected void Receive(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(
            new MessageHandler.OfType(messageType, message =>
            {
                if (shouldHandle?.Invoke(message) == false)
                    return false;
                handler(message);
                return true;
            }),
            takesAll: shouldHandle is null && messageType == typeof(object));
    }

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(new MessageHandler.OfType(messageType, handler));
    }

    protected void ReceiveAny(Action<object> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new MessageHandler.Plain<object>(handler), takesAll: true);
    }

    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new MessageHandler.Async<T>(handler, shouldHandle), takesAll: shouldHandle is null && typeof(T) == typeof(object));
    }

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add(
            new MessageHandler.Async<object>(handler, message => messageType.IsInstanceOfType(message) && shouldHandle?.Invoke(message) != false),
            takesAll: shouldHandle is null && messageType == typeof(object));
    }

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new MessageHandler.Async<object>(handler, null), takesAll: true);
    }

    private Receive Configure(Action configure)
    {
        var outer = _configuring;
        var table = new Table();
        _configuring = table;
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return table.Receive;
    }

    private void Add(MessageHandler handler, bool takesAll = false)
    {
        var table = _configuring
            ?? throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");
        table.Add(handler, takesAll);
    }

    private sealed class Table
    {
        private MessageHandler _last;
        private bool _closed;

        public MessageHandler First { get; private set; }

        public void Add(MessageHandler handler, bool takesAll)
        {
            if (_closed)
            {
                throw new InvalidOperationException(
                    "A handler that catches all messages has been added. No handler can be added after that.");
            }

            _closed = takesAll;
            if (_last is null)
                First = handler;
            else
                _last.Next = handler;
            _last = handler;
        }

        public bool Receive(object message)
        {
            for (var handler = First; handler is not null; handler = handler.Next)
            {
                if (handler.TryHandle(message))
                    return true;
            }

            return false;
        }
    }
}
