using System.Linq.Expressions;

namespace Akka.Actor;

public class Props : IEquatable<Props>
{
    public static readonly Props None = new(typeof(NoActor), []);

    /// <summary>What trimming has to leave of an actor's type: its constructors.</summary>
    internal const DynamicallyAccessedMemberTypes Kept =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors;

    private static readonly object[] NoArguments = [];

    private readonly Type _type;
    private readonly ActorMaker _maker;
    private readonly IIndirectActorProducer _producer;

    protected Props()
    {
        _type = typeof(NoActor);
        Arguments = NoArguments;
    }

    protected Props(Props copy)
    {
        _type = copy._type;
        _maker = copy._maker;
        _producer = copy._producer;
        Arguments = copy.Arguments;
        SupervisorStrategy = copy.SupervisorStrategy;
    }

    public Props([DynamicallyAccessedMembers(Kept)] Type type)
        : this(type, NoArguments)
    {
    }

    public Props([DynamicallyAccessedMembers(Kept)] Type type, object[] args)
        : this(type, null, args)
    {
    }

    public Props([DynamicallyAccessedMembers(Kept)] Type type, SupervisorStrategy supervisorStrategy, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        _type = type;
        Arguments = args ?? NoArguments;
        SupervisorStrategy = supervisorStrategy;
        if (!typeof(ActorBase).IsAssignableFrom(type))
            throw new ArgumentException($"Type passed must be an actor: {type}", nameof(type));
    }

    private Props(Type type, ActorMaker maker, SupervisorStrategy supervisorStrategy, object[] args)
    {
        _type = type;
        _maker = maker;
        Arguments = args;
        SupervisorStrategy = supervisorStrategy;
    }

    private Props(IIndirectActorProducer producer, object[] args)
    {
        _producer = producer;
        _type = producer.ActorType;
        Arguments = args ?? NoArguments;
    }

    public static Props Empty { get; } = new(typeof(EmptyActor), []);

    public Type Type => _type;

    public string TypeName => _type.AssemblyQualifiedName;

    public object[] Arguments { get; }

    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    internal IIndirectActorProducer Producer => _producer;

    public static Props Create<[DynamicallyAccessedMembers(Kept)] TActor>(Expression<Func<TActor>> factory, SupervisorStrategy supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression made || made.Constructor is null)
        {
            // A generic "new T()" arrives as a call of the activator.
            if (factory.Body is MethodCallExpression call && call.Method.DeclaringType == typeof(Activator))
                return new Props(typeof(TActor), supervisorStrategy, NoArguments);
            throw new ArgumentException("The create function must be a 'new T (args)' expression");
        }

        var count = made.Arguments.Count;
        var arguments = count == 0 ? NoArguments : new object[count];
        for (var i = 0; i < count; i++)
            arguments[i] = ArgumentEvaluator.Evaluate(made.Arguments[i]);
        return new Props(made.Type, ActorMaker.For(made.Constructor), supervisorStrategy, arguments);
    }

    public static Props Create<[DynamicallyAccessedMembers(Kept)] TActor>(params object[] args)
        where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create<[DynamicallyAccessedMembers(Kept)] TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(typeof(TActor), supervisorStrategy);

    public static Props Create([DynamicallyAccessedMembers(Kept)] Type type, params object[] args) => new(type, args);

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) => new(producer, args);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy)
    {
        var copy = Copy();
        copy.SupervisorStrategy = supervisorStrategy;
        return copy;
    }

    public virtual ActorBase NewActor()
    {
        try
        {
            if (_producer is not null)
                return _producer.Produce();
            return (_maker ?? MakerByType()).Make(Arguments);
        }
        catch (Exception e)
        {
            throw new TypeLoadException(
                $"Error while creating actor instance of type {_type} with {Arguments.Length} args: ({string.Join(',', Arguments)})", e);
        }
    }

    public bool Equals(Props other) =>
        other is not null
        && _type == other._type
        && Equals(SupervisorStrategy, other.SupervisorStrategy)
        && Arguments.SequenceEqual(other.Arguments);

    public override bool Equals(object obj) => Equals(obj as Props);

    public override int GetHashCode() => HashCode.Combine(_type, SupervisorStrategy, Arguments.Length);

    protected virtual Props Copy() => new(this);

    [UnconditionalSuppressMessage("Trimming", "IL2077", Justification = "Every public way to a Type in a Props keeps that type's constructors.")]
    private ActorMaker MakerByType() => ActorMaker.For(_type, Arguments);

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class NoActor : ActorBase
    {
        public NoActor()
        {
            throw new ActorInitializationException("Props.None makes no actor.");
        }

        protected override bool Receive(object message) => false;
    }
}
