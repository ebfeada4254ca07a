using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes instances of one actor type through one constructor.</summary>
internal sealed class ActorMaker
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ActorMaker> ByConstructor = new();
    private static readonly ConcurrentDictionary<Type, ActorMaker> WithoutArguments = new();

    private readonly ConstructorInvoker _invoker;

    private ActorMaker(ConstructorInfo constructor)
    {
        _invoker = ConstructorInvoker.Create(constructor);
    }

    public static ActorMaker For(ConstructorInfo constructor) => ByConstructor.GetOrAdd(constructor, static c => new ActorMaker(c));

    public static ActorMaker For([DynamicallyAccessedMembers(Props.Kept)] Type type, object[] arguments)
    {
        if (arguments.Length == 0 && WithoutArguments.TryGetValue(type, out var known))
            return known;
        var maker = For(Choose(type, arguments));
        if (arguments.Length == 0)
            WithoutArguments[type] = maker;
        return maker;
    }

    public ActorBase Make(object[] arguments) => (ActorBase)_invoker.Invoke(arguments.AsSpan());

    private static ConstructorInfo Choose([DynamicallyAccessedMembers(Props.Kept)] Type type, object[] arguments)
    {
        ConstructorInfo found = null;
        var exact = false;
        foreach (var candidate in type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
        {
            var parameters = candidate.GetParameters();
            if (parameters.Length != arguments.Length || !Fits(parameters, arguments))
                continue;
            var isExact = IsExact(parameters, arguments);
            if (found is not null && isExact == exact)
                throw new AmbiguousMatchException($"{type} has more than one constructor for the arguments given.");
            if (found is null || isExact)
            {
                found = candidate;
                exact = isExact;
            }
        }

        return found ?? throw new MissingMethodException($"Constructor on type '{type.FullName}' not found.");
    }

    private static bool Fits(ParameterInfo[] parameters, object[] arguments)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var type = parameters[i].ParameterType;
            var fits = arguments[i] is null
                ? !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
                : type.IsInstanceOfType(arguments[i]);
            if (!fits)
                return false;
        }

        return true;
    }

    private static bool IsExact(ParameterInfo[] parameters, object[] arguments)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            if (arguments[i] is not null && arguments[i].GetType() != parameters[i].ParameterType)
                return false;
        }

        return true;
    }
}
