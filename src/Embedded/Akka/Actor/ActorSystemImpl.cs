using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private static readonly TimeSpan LoggerStartLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly Stack<Action> _onTermination = new();
    private readonly ActorPath _tempPath;
    private long _nextTemp;
    private int _terminating;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        CheckName(name);
        Name = name;
        var bootstrap = setup.Get<BootstrapSetup>();
        Settings = new Settings(this, bootstrap.HasValue ? bootstrap.Value.Config.GetOrElse(Config.Empty) : Config.Empty, setup);
        Throughput = Math.Max(1, Settings.Config.GetInt("akka.actor.default-dispatcher.throughput"));
        EmitsTelemetry = Settings.EmitActorTelemetry;
        Address = new Address("akka", name);
        var root = new RootActorPath(Address);
        _tempPath = root / "temp";
        EventStream = new EventStream(Settings.DebugEventStream);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), DefaultLogMessageFormatter.Instance);
        DeadLetterRef = new DeadLetterRef(this, root / "deadLetters");
        Root = new RootRef(this, root);
        Guardian = new LocalRef(this, Root, new ChildActorPath(root, "user", NextUid()), Props.CreateBy(new GuardianMaker(UserStrategy())));
        SystemGuardian = new LocalRef(
            this, Root, new ChildActorPath(root, "system", NextUid()), Props.CreateBy(new GuardianMaker(SupervisorStrategy.DefaultStrategy)));
        Guardian.Extras.Children = new ChildMap();
        SystemGuardian.Extras.Children = new ChildMap();
        Scheduler = SchedulerRegistry.Create(Settings.SchedulerClass, Settings.Config, Log);
    }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => DeadLetterRef;

    public override ILoggingAdapter Log { get; }

    public override IScheduler Scheduler { get; }

    public override Task WhenTerminated => _terminated.Task;

    public int Throughput { get; }

    public bool EmitsTelemetry { get; }

    public Address Address { get; }

    public DeadLetterRef DeadLetterRef { get; }

    public RootRef Root { get; }

    public LocalRef Guardian { get; }

    public LocalRef SystemGuardian { get; }

    public bool IsTerminating => Volatile.Read(ref _terminating) != 0;

    public void Start()
    {
        SystemGuardian.Start();
        Guardian.Start();
        EventStream.SetLogLevel(Logging.LogLevelFor(Settings.LogLevel));
        StartLoggers();
        if (Settings.LogDeadLetters > 0)
            SystemActorOf(Props.Create(() => new DeadLetterListener()), "deadLetterListener");
        if (Settings.DebugUnhandledMessage)
            SystemActorOf(Props.Create(() => new UnhandledLogger()), "unhandledMessageForwarder");
        if (Settings.LogConfigOnStart)
            Log.Info(Settings.ToString());
        CoordinatedShutdown.Get(this);
    }

    public long NextUid() => Random.Shared.Next(1, int.MaxValue);

    public ActorPath NextTempPath() => new ChildActorPath(_tempPath, "$" + Interlocked.Increment(ref _nextTemp).ToString("x", null), 0);

    public override IActorRef ActorOf(Props props, string name = null) => Guardian.Attach(props, name, internalName: false);

    public override IActorRef SystemActorOf(Props props, string name = null) => SystemGuardian.Attach(props, name, internalName: true);

    public override IActorRef SystemActorOf<[DynamicallyAccessedMembers(Props.Kept)] TActor>(string name = null) =>
        SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => new(Root, actorPath.Elements);

    public override ActorSelection ActorSelection(string actorPath) => ActorSelectionPath.Select(actorPath, this, Root);

    public override void Stop(IActorRef actor)
    {
        var target = InternalActorRefBase.From(actor);
        switch (target)
        {
            case LocalRef local when ReferenceEquals(local.ParentRef, Guardian) || ReferenceEquals(local.ParentRef, SystemGuardian):
                // Only the guardian itself may change what it knows of its children.
                local.ParentRef.SendSystem(new SystemMessage.StopChild(local));
                break;
            default:
                target.SendSystem(new SystemMessage.Terminate());
                break;
        }
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_onTermination)
            _onTermination.Push(code);
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else
            FinalTerminate();
        return WhenTerminated;
    }

    public void FinalTerminate()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0)
            Guardian.SendSystem(new SystemMessage.Terminate());
    }

    public void UserGuardianStopped()
    {
        Volatile.Write(ref _terminating, 1);
        SystemGuardian.SendSystem(new SystemMessage.Terminate());
    }

    public void SystemGuardianStopped()
    {
        // Callbacks are a user's code and may wait for anything, so not on an actor's time.
        ThreadPool.UnsafeQueueUserWorkItem(static system => system.Finish(), this, preferLocal: false);
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _extensions.GetOrAdd(
            extension.ExtensionType, static (_, state) => new Lazy<object>(() => state.Id.CreateExtension(state.System)), (Id: extension, System: this)).Value;
    }

    public override object GetExtension(IExtensionId extensionId) =>
        TryGetExtension(extensionId.ExtensionType, out var extension) ? extension : null;

    public override T GetExtension<T>() => TryGetExtension(out T extension) ? extension : null;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        var found = _extensions.TryGetValue(extensionType, out var lazy);
        extension = found ? lazy.Value : null;
        return found;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = TryGetExtension(typeof(T), out var any);
        extension = any as T;
        return found;
    }

    public override string ToString() => Root.Path.ToString();

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]) || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw new ArgumentException(
                "invalid ActorSystem name [" + name + "], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' or '_')",
                nameof(name));
        }
    }

    private SupervisorStrategy UserStrategy()
    {
        var name = Settings.SupervisorStrategyClass;
        var comma = name.IndexOf(',');
        return (comma < 0 ? name : name[..comma].Trim()) switch
        {
            "Akka.Actor.DefaultSupervisorStrategy" => SupervisorStrategy.DefaultStrategy,
            "Akka.Actor.StoppingSupervisorStrategy" => SupervisorStrategy.StoppingStrategy,
            _ => throw new ConfigurationException($"Could not resolve SupervisorStrategyConfigurator type {name}"),
        };
    }

    private void StartLoggers()
    {
        var level = Logging.LogLevelFor(Settings.LogLevel);
        var number = 0;
        foreach (var name in Settings.Loggers)
        {
            var logger = SystemActorOf(LoggerRegistry.PropsOf(name), $"log{++number}-{name.Split(',')[0].Split('.')[^1]}");

            // Whoever creates the system may log at once and must find the logger listening.
            if (!logger.Ask<LoggerInitialized>(new InitializeLogger(EventStream), Timeout.InfiniteTimeSpan).Wait(LoggerStartLimit))
                Log.Warning("Logger {0} did not respond within {1} to InitializeLogger", name, LoggerStartLimit);
            EventStream.Loggers.Add(logger);
            EventStream.SubscribeLogger(logger, level);
        }
    }

    private void Finish()
    {
        try
        {
            while (true)
            {
                Action code;
                lock (_onTermination)
                {
                    if (!_onTermination.TryPop(out code))
                        break;
                }

                try
                {
                    code();
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine($"A termination callback of {Name} failed: {e}");
                }
            }

            (Scheduler as IDisposable)?.Dispose();
        }
        finally
        {
            _terminated.TrySetResult();
        }
    }

    private sealed class GuardianMaker(SupervisorStrategy strategy) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Guardian);

        public ActorBase Produce() => new Guardian(strategy);

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class UnhandledLogger : ActorBase
    {
        protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

        protected override bool Receive(object message)
        {
            if (message is not UnhandledMessage unhandled)
                return false;
            Context.System.EventStream.Publish(new Event.Debug(
                unhandled.Recipient.Path.ToString(),
                unhandled.Recipient.GetType(),
                $"Unhandled message from {unhandled.Sender} : {unhandled.Message}"));
            return true;
        }
    }
}
