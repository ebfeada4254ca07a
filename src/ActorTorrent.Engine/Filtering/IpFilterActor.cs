using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Filtering;

/// <summary>Keeps the engine's IP filter as its files are: looks at them from time to time, reads them anew when one has changed.</summary>
internal sealed class IpFilterActor : ObservedReceiveActor, IWithTimers
{
    private readonly EngineContext _context;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IReadOnlyList<(long Length, DateTime Written)> _stamps = [];
    private bool _isReading;

    public IpFilterActor(EngineContext context)
    {
        _context = context;
        Receive<Look>(_ => OnLook());
        Receive<Seen>(OnSeen);
        Receive<Unreadable>(failed =>
        {
            _isReading = false;
            _log.Warning("The IP filter stays as it was: {0}", failed.Reason);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.IpFilter;

    public static Props Props(EngineContext context) => Akka.Actor.Props.Create(() => new IpFilterActor(context));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, _context.Options.Filter.ReloadInterval);
        Self.Tell(Look.Instance);
    }

    private void OnLook()
    {
        if (_isReading)
            return;
        _isReading = true;
        var files = _context.Options.Filter.Files;
        var known = _stamps;
        Task.Run(() => Read(files, known)).PipeTo(Self, failure: static e => new Unreadable(e.Message));
    }

    private void OnSeen(Seen seen)
    {
        _isReading = false;
        _stamps = seen.Stamps;
        if (seen.Filter is not { } filter)
            return;
        _context.Filter = filter;
        _log.Info("The IP filter has {0} ranges", filter.Count);
        Context.Parent.Tell(CoordinatorProtocol.FilterChanged.Instance);
    }

    private static Seen Read(IReadOnlyList<string> files, IReadOnlyList<(long Length, DateTime Written)> known)
    {
        var stamps = files.Select(static file => new FileInfo(file)).Select(static info => (info.Exists ? info.Length : -1, info.LastWriteTimeUtc)).ToArray();
        return new Seen(stamps, stamps.SequenceEqual(known) ? null : IpFilterReader.ReadFiles(files));
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Seen(IReadOnlyList<(long Length, DateTime Written)> Stamps, IpFilter? Filter) : IDeadLetterSuppression;

    private sealed record Unreadable(string Reason) : IDeadLetterSuppression;
}
