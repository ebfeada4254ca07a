namespace Akka.Actor;

/// <summary>One of a receive actor's handlers, in the order in which they were added.</summary>
internal abstract class MessageHandler
{
    public MessageHandler Next;

    public abstract bool TryHandle(object message);

    internal sealed class Plain<T>(Action<T> handler) : MessageHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed)
                return false;
            handler(typed);
            return true;
        }
    }

    internal sealed class When<T>(Action<T> handler, Predicate<T> condition) : MessageHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || !condition(typed))
                return false;
            handler(typed);
            return true;
        }
    }

    internal sealed class Deciding<T>(Func<T, bool> handler) : MessageHandler
    {
        public override bool TryHandle(object message) => message is T typed && handler(typed);
    }

    internal sealed class Async<T>(Func<T, Task> handler, Predicate<T> condition) : MessageHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || condition?.Invoke(typed) == false)
                return false;
            (LocalRef.Current ?? throw ActorBase.NoContext()).RunAsync(() => handler(typed));
            return true;
        }
    }

    internal sealed class OfType(Type type, Func<object, bool> handler) : MessageHandler
    {
        public override bool TryHandle(object message) => type.IsInstanceOfType(message) && handler(message);
    }
}
