using System.Net;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Dht;
using Akka.Actor;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// One lookup, from its first query to the announces that may follow it; then it stops itself. Its parent, the <see cref="DhtActor"/>, sends
/// its queries. What goes wrong here costs this lookup alone.
/// </summary>
internal sealed class DhtLookupActor : ObservedReceiveActor, IWithTimers
{
    private readonly DhtLookupStart _start;
    private readonly DhtLookup _lookup;
    private readonly Dictionary<int, LookupNode> _asked = [];
    private int _number;

    public DhtLookupActor(DhtLookupStart start)
    {
        _start = start;
        _lookup = new DhtLookup(start.Query.Target, start.Own, start.Family, start.Options);
        foreach (var node in start.Nodes)
            _lookup.Start(node);
        foreach (var endPoint in start.EndPoints)
            _lookup.Start(endPoint);
        _lookup.CheckDone();
        Receive<DhtProtocol.Answered>(answered =>
        {
            if (_asked.Remove(answered.Number, out var node))
                Tell(node, _lookup.Answered(node, answered.Answer));
            Go();
        });
        Receive<DhtProtocol.Unanswered>(unanswered =>
        {
            if (_asked.Remove(unanswered.Number, out var node))
                _lookup.Failed(node);
            Go();
        });
        Receive<Tick>(_ =>
        {
            _lookup.Tick(Now);
            Go();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.DhtLookup;

    private TimeSpan Now => _start.Time.GetElapsedTime(0);

    public static Props Props(DhtLookupStart start) => Akka.Actor.Props.Create(() => new DhtLookupActor(start));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _start.Options.StallTimeout / 2);
        Go();
    }

    private void Go()
    {
        while (_lookup.TakeNext(Now) is { } next)
        {
            var number = _number++;
            _asked.Add(number, next);
            Context.Parent.Tell(new DhtProtocol.Ask(number, next.EndPoint, next.Id, _start.Family, _start.Query));
        }
        if (!_lookup.IsDone)
            return;
        if (_start.AnnouncePort > 0)
            Announce();
        Context.Parent.Tell(new DhtProtocol.Ended(Self, _lookup.Answers));
        Become(Over);
        Timers.CancelAll();
        Context.Stop(Self);
    }

    private void Over() => ReceiveAny(_ => { });

    private void Announce()
    {
        foreach (var node in _lookup.Nearest())
        {
            if (node.Token.IsEmpty)
                continue;
            var announce = KrpcMessage.AnnouncePeer(_start.Own, _start.Query.Target.ToInfoHash(), _start.AnnouncePort, node.Token);
            Context.Parent.Tell(new DhtProtocol.Ask(Number: null, node.EndPoint, node.Id, _start.Family, announce));
        }
    }

    private void Tell(LookupNode node, IReadOnlyList<IPEndPoint> peers)
    {
        if (peers.Count > 0)
            Context.Parent.Tell(new DhtProtocol.Found(_start.Query.Target.ToInfoHash(), peers, DhtAddress.IsLocal(node.EndPoint.Address)));
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
