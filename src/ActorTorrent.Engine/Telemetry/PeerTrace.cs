using System.Diagnostics;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>
/// One connection's life: a span <c>peer</c> with a child for each of <c>connect</c>, <c>handshake</c> and <c>transfer</c>; the first block
/// and faults are its events. While nobody listens to the traces or the metrics, there is none.
/// </summary>
internal sealed class PeerTrace
{
    private static readonly ActivitySource Source = new(MetricNames.Scope);

    private readonly EngineMetrics? _metrics;
    private readonly PeerDirection _direction;
    private readonly Activity? _life;
    private long _since = Stopwatch.GetTimestamp();
    private Activity? _step;
    private bool _hasBlock;
    private long _downloaded;
    private long _uploaded;

    private PeerTrace(EngineMetrics? metrics, Activity? life, PeerDirection direction)
    {
        _metrics = metrics;
        _direction = direction;
        _life = life;
        Step(direction == PeerDirection.Outgoing ? "connect" : "handshake");
    }

    /// <summary>Whether anybody listens to traces.</summary>
    public static bool IsWatched => Source.HasListeners();

    /// <summary>A connection attempt begins.</summary>
    /// <returns>Its trace; null while nobody looks.</returns>
    public static PeerTrace? Begin(EngineMetrics? metrics, InfoHash torrent, PeerRecord peer)
    {
        if (!IsWatched)
            return metrics is null ? null : new PeerTrace(metrics, null, peer.Direction);
        var life = Start("peer", peer.Direction == PeerDirection.Outgoing ? ActivityKind.Client : ActivityKind.Server, parent: null);
        life?.SetTag(MetricNames.InfoHash, torrent.ToString());
        life?.SetTag(MetricNames.PeerAddress, peer.EndPoint.Address.ToString());
        life?.SetTag(MetricNames.PeerPort, peer.EndPoint.Port);
        life?.SetTag(MetricNames.PeerDirection, EngineMetrics.Of(peer.Direction));
        return metrics is null && life is null ? null : new PeerTrace(metrics, life, peer.Direction);
    }

    /// <summary>TCP is connected.</summary>
    public void Connected()
    {
        _metrics?.Connected(Stopwatch.GetElapsedTime(_since), _direction);
        Step("handshake");
    }

    /// <summary>The handshake is done.</summary>
    public void Introduced(Handshake handshake)
    {
        _metrics?.Introduced(Stopwatch.GetElapsedTime(_since), _direction);
        _life?.SetTag(MetricNames.PeerClient, PeerClient.Describe(handshake.PeerId));
        Step("transfer");
    }

    /// <summary>A block of the peer is there.</summary>
    public void GotBlock()
    {
        if (_hasBlock)
            return;
        _hasBlock = true;
        _step?.AddEvent(new ActivityEvent("first_block"));
    }

    /// <summary>Bytes of blocks moved so far.</summary>
    public void Moved(long downloaded, long uploaded) => (_downloaded, _uploaded) = (downloaded, uploaded);

    /// <summary>The peer failed; unless it goes on, <see cref="End"/> follows.</summary>
    public void Failed(PeerFault fault, FaultDecision decision)
    {
        if (_life is null)
            return;
        var cause = FaultNames.Of(fault.Cause);
        _step?.AddEvent(new ActivityEvent("fault", tags: new ActivityTagsCollection
        {
            [MetricNames.FaultPhase] = FaultNames.Of(fault.Phase),
            [MetricNames.FaultCause] = cause,
            [MetricNames.FaultAction] = FaultNames.Of(decision.Action),
            ["message"] = fault.Detail,
        }));
        if (decision.Action == FaultAction.Resume)
            return;
        foreach (var span in new[] { _step, _life })
        {
            span?.SetTag(MetricNames.ErrorType, cause);
            span?.SetStatus(ActivityStatusCode.Error, fault.Detail);
        }
    }

    /// <summary>The connection is over.</summary>
    public void End()
    {
        if (_life is null)
            return;
        _step?.SetTag("actortorrent.transfer.received", _downloaded);
        _step?.SetTag("actortorrent.transfer.transmitted", _uploaded);
        Stop(_step);
        Stop(_life);
    }

    private void Step(string name)
    {
        _since = Stopwatch.GetTimestamp();
        if (_life is null)
            return;
        Stop(_step);
        _step = Start(name, ActivityKind.Internal, _life);
    }

    // The current activity flows with asynchronous calls; actors of the same thread must not inherit it.
    private static Activity? Start(string name, ActivityKind kind, Activity? parent)
    {
        var current = Activity.Current;
        Activity.Current = null;
        var started = parent is null ? Source.StartActivity(name, kind) : Source.StartActivity(name, kind, parent.Context);
        Activity.Current = current;
        return started;
    }

    private static void Stop(Activity? activity)
    {
        if (activity is null)
            return;
        var current = Activity.Current;
        activity.Stop();
        Activity.Current = current;
    }
}
