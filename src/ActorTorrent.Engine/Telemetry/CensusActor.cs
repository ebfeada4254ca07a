using ActorTorrent.Engine.Options;
using Akka.Actor;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>
/// Counts the engine's actors, while somebody looks: walks the tree from the root by probes, each answered with a state, the
/// time it lay in the mailbox, and the children, who are probed in turn. An actor owes at most one answer, so a stuck one
/// gathers no probes; it is shown as waiting. While nobody looks, this actor hears of restarts and does nothing else.
/// </summary>
internal sealed class CensusActor : ObservedReceiveActor, IWithTimers
{
    private readonly TelemetryOptions _options;
    private readonly TimeProvider _time;
    private readonly IActorRef _root = Context.Parent;
    private readonly Dictionary<IActorRef, CensusNode> _nodes = [];
    private readonly HashSet<IActorRef> _watchers = [];
    private readonly List<IActorRef> _askers = [];
    private bool _isCounting;
    private int _owed;
    private long _restarts;
    private long _probes;

    public CensusActor(TelemetryOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        Receive<CensusProtocol.Watch>(_ => OnWatch(Sender));
        Receive<CensusProtocol.Take>(_ =>
        {
            _askers.Add(Sender);
            Count();
        });
        Receive<CensusProtocol.Answer>(OnAnswer);
        Receive<CensusProtocol.Faulted>(OnFaulted);
        Receive<Terminated>(terminated => OnTerminated(terminated.ActorRef));
        Receive<Round>(_ => Count());
        Receive<Deadline>(_ => Publish());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Census;

    protected override string State => _isCounting ? "Counting" : "Idle";

    public static Props Props(TelemetryOptions options, TimeProvider time) => Akka.Actor.Props.Create(() => new CensusActor(options, time));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(CensusProtocol.Faulted));

    protected override void PreRestart(Exception reason, object message)
    {
        // The mailbox survives the restart, the fields do not.
        foreach (var watcher in _watchers)
            Self.Tell(CensusProtocol.Watch.Instance, watcher);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

    private void OnWatch(IActorRef watcher)
    {
        if (!_watchers.Add(watcher))
            return;
        Context.Watch(watcher);
        if (_watchers.Count == 1)
            Timers.StartPeriodicTimer(nameof(Round), Round.Instance, _options.CensusInterval);
        Count();
    }

    private void Count()
    {
        if (_isCounting)
            return;
        _isCounting = true;
        Timers.StartSingleTimer(nameof(Deadline), Deadline.Instance, _options.AnswerTimeout);
        Meet(_root);
        foreach (var node in _nodes.Values)
            Probe(node);
    }

    private CensusNode Meet(IActorRef actor)
    {
        if (_nodes.TryGetValue(actor, out var node))
            return node;
        node = new CensusNode(actor, PathOf(actor));
        _nodes.Add(actor, node);
        if (!actor.Equals(Self))
            Context.Watch(actor);
        return node;
    }

    private void Probe(CensusNode node)
    {
        if (node.ProbedAt is not null)
            return;
        var now = _time.GetTimestamp();
        node.ProbedAt = now;
        _owed++;
        _probes++;
        node.Actor.Tell(new CensusProtocol.Probe(now, _time), Self);
    }

    private void OnAnswer(CensusProtocol.Answer answer)
    {
        if (!_nodes.TryGetValue(Sender, out var node) || node.ProbedAt is null)
            return;
        node.Answer = answer;
        node.ProbedAt = null;
        _owed--;
        if (!_isCounting)
            return;
        foreach (var child in answer.Children)
        {
            if (!_nodes.ContainsKey(child))
                Probe(Meet(child));
        }
        PublishWhenComplete();
    }

    private void OnFaulted(CensusProtocol.Faulted faulted)
    {
        if (!IsOurs(faulted.Actor))
            return;
        var node = Meet(faulted.Actor);
        node.LastFault = faulted.Fault;
        if (!faulted.IsRestart)
            return;
        node.Restarts++;
        _restarts++;
    }

    private void OnTerminated(IActorRef actor)
    {
        if (_watchers.Remove(actor))
        {
            if (_watchers.Count == 0)
                Timers.Cancel(nameof(Round));
            if (!_isCounting)
                ForgetUnlessWatched();
        }
        else if (_nodes.Remove(actor, out var node) && node.ProbedAt is not null)
        {
            _owed--;
            PublishWhenComplete();
        }
    }

    private void PublishWhenComplete()
    {
        if (_isCounting && _owed == 0)
            Publish();
    }

    private void Publish()
    {
        if (!_isCounting)
            return;
        _isCounting = false;
        Timers.Cancel(nameof(Deadline));
        var actors = _nodes.Values.Select(n => n.Status(_time)).ToArray();
        Array.Sort(actors, (a, b) => ActorPathOrder.Instance.Compare(a.Path, b.Path));
        var census = new ActorCensus(_time.GetUtcNow(), actors, _restarts, _probes);
        foreach (var reader in _watchers.Concat(_askers))
            reader.Tell(census);
        _askers.Clear();
        ForgetUnlessWatched();
    }

    /// <summary>Lets go of the tree when nobody looks any more, but for those whose restarts are to be remembered.</summary>
    private void ForgetUnlessWatched()
    {
        if (_watchers.Count > 0)
            return;
        foreach (var node in _nodes.Values)
        {
            if (node.ProbedAt is not null)
                _owed--;
            node.ProbedAt = null;
            if (node.LastFault is not null)
                continue;
            Context.Unwatch(node.Actor);
            _nodes.Remove(node.Actor);
        }
    }

    /// <summary>Whether an actor stands below the engine; a system may hold several.</summary>
    private bool IsOurs(IActorRef actor)
    {
        var path = actor.Path.ToStringWithoutAddress();
        var root = _root.Path.ToStringWithoutAddress();
        return path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/');
    }

    private string PathOf(IActorRef actor)
    {
        var path = actor.Path.ToStringWithoutAddress();
        var root = _root.Path.ToStringWithoutAddress().Length;
        return path.Length > root ? path[(root + 1)..] : "";
    }

    private sealed record Round
    {
        public static readonly Round Instance = new();
    }

    private sealed record Deadline
    {
        public static readonly Deadline Instance = new();
    }
}
