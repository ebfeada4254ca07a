using System.Runtime.CompilerServices;
using Akka.Event;

namespace Akka.Actor;

public sealed class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ActorSystemImpl _system;
    private readonly Dictionary<string, Phase> _phases = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Run)>> _tasks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Reason _reason;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _system = (ActorSystemImpl)system;
        ReadPhases();
        var config = _system.Settings.Config;
        AddTask(PhaseActorSystemTerminate, "terminate-system", TerminateSystem);
        if (config.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook"))
            ExitHook.Add(this);
    }

    public ExtendedActorSystem System { get; }

    public Reason ShutdownReason => Volatile.Read(ref _reason);

    public TimeSpan TotalTimeout => _phases.Values.Aggregate(TimeSpan.Zero, static (sum, phase) => sum + phase.Timeout);

    public static CoordinatedShutdown Get(ActorSystem sys) => new CoordinatedShutdownExtension().Apply(sys);

    public TimeSpan Timeout(string phase) => _phases.TryGetValue(phase, out var known)
        ? known.Timeout
        : throw new ArgumentException($"Unknown phase [{phase}]. All phases must be defined in configuration.", nameof(phase));

    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_phases.ContainsKey(phase))
        {
            throw new Configuration.ConfigurationException(
                $"Unknown phase [{phase}], known phases [{string.Join(",", _phases.Keys)}]. All phases (along with their optional dependencies) must be defined in configuration.");
        }

        ArgumentException.ThrowIfNullOrEmpty(taskName);
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    public Task<Done> Run(Reason reason, string fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ = RunPhases(fromPhase);
        return _done.Task;
    }

    private async Task RunPhases(string fromPhase)
    {
        try
        {
            // Whoever asks for it may be an actor that is to be stopped by it.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var start = 0;
            if (fromPhase is not null)
            {
                start = _order.IndexOf(fromPhase);
                if (start < 0)
                    throw new ArgumentException($"Unknown phase [{fromPhase}].", nameof(fromPhase));
            }

            for (var i = start; i < _order.Count; i++)
                await RunPhase(_order[i]);
            _done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    private async Task RunPhase(string name)
    {
        (string Name, Func<Task<Done>> Run)[] tasks;
        lock (_tasks)
            tasks = _tasks.TryGetValue(name, out var list) ? [.. list] : [];
        var phase = _phases[name];
        if (tasks.Length == 0 || !phase.Enabled)
            return;
        var all = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Run)));
        try
        {
            await all.WaitAsync(phase.Timeout);
        }
        catch (TimeoutException e) when (!all.IsCompleted)
        {
            if (!phase.Recover)
                throw new TimeoutException($"Coordinated shutdown phase [{name}] timed out after {phase.Timeout}", e);
            _system.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", name, phase.Timeout);
        }
    }

    private async Task RunTask(Phase phase, string name, Func<Task<Done>> run)
    {
        try
        {
            await Task.Run(run);
        }
        catch (Exception e) when (phase.Recover)
        {
            _system.Log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, e.Message);
        }
    }

    private async Task<Done> TerminateSystem()
    {
        if (_system.Settings.CoordinatedShutdownTerminateActorSystem)
        {
            _system.FinalTerminate();
            await _system.WhenTerminated;
            ExitHook.Remove(this);
        }

        return Done.Instance;
    }

    private void ReadPhases()
    {
        var config = _system.Settings.Config;
        var fallback = config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout");
        var root = config.GetConfig("akka.coordinated-shutdown.phases");
        var dependencies = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in root.AsEnumerable())
        {
            var own = value.ToConfig();
            _phases[name] = new Phase(
                name,
                own.GetTimeSpan("timeout", fallback),
                own.GetBoolean("recover", true),
                own.GetBoolean("enabled", true));
            dependencies[name] = [.. own.GetStringList("depends-on")];
        }

        var visiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in dependencies.Keys)
            Visit(name);

        void Visit(string name)
        {
            if (_order.Contains(name))
                return;
            if (!visiting.Add(name))
                throw new ArgumentException($"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself.");
            foreach (var earlier in dependencies.GetValueOrDefault(name) ?? [])
                Visit(earlier);
            visiting.Remove(name);
            _order.Add(name);
            _phases.TryAdd(name, new Phase(name, fallback, Recover: true, Enabled: true));
        }
    }

    public class Reason
    {
        protected Reason()
        {
        }
    }

    public class UnknownReason : Reason
    {
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    public class ActorSystemTerminateReason : Reason
    {
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    public class ClrExitReason : Reason
    {
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }

    private sealed record Phase(string Name, TimeSpan Timeout, bool Recover, bool Enabled);

    /// <summary>Gives systems that still run when the process ends their shutdown.</summary>
    private static class ExitHook
    {
        private static readonly ConditionalWeakTable<CoordinatedShutdown, object> Live = [];
        private static int _hooked;

        public static void Add(CoordinatedShutdown shutdown)
        {
            Live.AddOrUpdate(shutdown, shutdown);
            if (Interlocked.Exchange(ref _hooked, 1) == 0)
                AppDomain.CurrentDomain.ProcessExit += static (_, _) => RunAll();
        }

        public static void Remove(CoordinatedShutdown shutdown) => Live.Remove(shutdown);

        private static void RunAll()
        {
            foreach (var (shutdown, _) in Live)
            {
                // It may have ended in another way.
                if (shutdown._system.WhenTerminated.IsCompleted)
                    continue;
                try
                {
                    shutdown.Run(ClrExitReason.Instance).Wait(shutdown.TotalTimeout);
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine($"The shutdown of {shutdown._system.Name} at exit failed: {e}");
                }
            }
        }
    }
}
