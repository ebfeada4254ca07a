using System.Runtime.CompilerServices;

namespace Akka.Actor;

/// <summary>
/// A kind of handler: which messages it takes and how. There is one object a kind; what an actor gave (a delegate, or more than
/// one) lies in the actor.
/// </summary>
internal abstract class MessageHandler(bool takesAll)
{
    /// <summary>No handler can come after it.</summary>
    public bool TakesAll { get; } = takesAll;

    /// <param name="given">What the actor gave along with the kind; of the type that the kind expects.</param>
    /// <param name="message">The message.</param>
    public abstract bool TryHandle(object given, object message);

    internal sealed class Plain<T>() : MessageHandler(typeof(T) == typeof(object))
    {
        public static readonly Plain<T> Instance = new();

        public override bool TryHandle(object given, object message)
        {
            if (message is not T typed)
                return false;
            Unsafe.As<Action<T>>(given)(typed);
            return true;
        }
    }

    internal sealed class When<T>() : MessageHandler(takesAll: false)
    {
        public static readonly When<T> Instance = new();

        public override bool TryHandle(object given, object message)
        {
            if (message is not T typed)
                return false;
            var (handler, condition) = (Tuple<Action<T>, Predicate<T>>)given;
            if (!condition(typed))
                return false;
            handler(typed);
            return true;
        }
    }

    internal sealed class Deciding<T>() : MessageHandler(takesAll: false)
    {
        public static readonly Deciding<T> Instance = new();

        public override bool TryHandle(object given, object message) => message is T typed && ((Func<T, bool>)given)(typed);
    }

    internal sealed class Async<T>(bool takesAll) : MessageHandler(takesAll)
    {
        public static readonly Async<T> Any = new(typeof(T) == typeof(object));
        public static readonly Async<T> Chosen = new(takesAll: false);

        public override bool TryHandle(object given, object message)
        {
            var (handler, condition) = (Tuple<Func<T, Task>, Predicate<T>>)given;
            if (message is not T typed || condition?.Invoke(typed) == false)
                return false;
            (LocalRef.Current ?? throw ActorBase.NoContext()).RunAsync(() => handler(typed));
            return true;
        }
    }

    internal sealed class OfType(bool takesAll) : MessageHandler(takesAll)
    {
        public static readonly OfType All = new(takesAll: true);
        public static readonly OfType Some = new(takesAll: false);

        public override bool TryHandle(object given, object message)
        {
            var (type, handler) = (Tuple<Type, Func<object, bool>>)given;
            return type.IsInstanceOfType(message) && handler(message);
        }
    }
}
