using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Discovery.Dht;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>Keeps <see cref="EngineMetrics"/> up to date by what the engine publishes. Actors and the DHT are asked only while somebody reads.</summary>
internal sealed class MetricsActor : ObservedReceiveActor, IWithTimers
{
    private readonly EngineMetrics _metrics;
    private readonly TelemetryOptions _options;
    private readonly IActorRef _engine = Context.Parent;

    public MetricsActor(EngineMetrics metrics, TelemetryOptions options)
    {
        _metrics = metrics;
        _options = options;
        Receive<TorrentSnapshot>(metrics.Note);
        Receive<FaultJournalEntry>(metrics.Note);
        Receive<TorrentEvent>(metrics.Note);
        Receive<CensusProtocol.Faulted>(faulted =>
        {
            if (faulted.IsRestart)
                metrics.NoteRestart();
        });
        Receive<DeadLetter>(_ => metrics.NoteDeadLetter());
        Receive<ActorCensus>(metrics.Note);
        Receive<DhtStatus>(metrics.Note);
        Receive<EngineProtocol.Refused>(_ => metrics.Note((DhtStatus?)null));
        Receive<Tick>(_ => Ask());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Metrics;

    public static Props Props(EngineMetrics metrics, TelemetryOptions options) => Akka.Actor.Props.Create(() => new MetricsActor(metrics, options));

    protected override void PreStart()
    {
        foreach (var kind in new[] { typeof(TorrentSnapshot), typeof(TorrentEvent), typeof(FaultJournalEntry), typeof(CensusProtocol.Faulted), typeof(DeadLetter) })
            Context.System.EventStream.Subscribe(Self, kind);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.Zero, _options.MetricsInterval);
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        base.PostStop();
    }

    private void Ask()
    {
        if (!_metrics.AreRead)
            return;
        _engine.Tell(CensusProtocol.Take.Instance);
        _engine.Tell(DhtProtocol.GetStatus.Instance);
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
