using System.Diagnostics.Metrics;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>
/// An engine's numbers as instruments of <see cref="System.Diagnostics.Metrics"/>, named by OpenTelemetry's conventions. They are read
/// off what the engine publishes anyway (snapshots, faults, events), once a second at most, so nothing is counted per message or block.
/// Its members may be used by any thread.
/// </summary>
public sealed class EngineMetrics : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Meter _meter;
    private readonly Histogram<double> _diskDuration;
    private readonly Histogram<double> _connectDuration;
    private readonly Histogram<double> _handshakeDuration;
    private readonly Instrument _mailbox;
    private readonly Dictionary<InfoHash, TorrentSnapshot> _torrents = [];
    private readonly Dictionary<(FaultPhase Phase, FaultCause Cause, FaultAction Action), long> _faults = [];
    private readonly Dictionary<string, DiskLoad> _disks = [];
    private readonly Dictionary<string, long> _announces = [];
    private MovedBytes _gone;
    private long _blocksReturned;
    private long _piecesFailed;
    private long _restarts;
    private long _deadLetters;
    private DhtStatus? _dht;
    private ActorCensus? _census;

    /// <summary>Makes the instruments. Nothing is counted before an engine is given it (<see cref="EngineContext.Metrics"/>).</summary>
    public EngineMetrics()
    {
        _meter = new Meter(MetricNames.Scope, typeof(EngineMetrics).Assembly.GetName().Version?.ToString(3), tags: null, scope: this);
        CreateTorrents();
        CreateTransfer();
        CreatePeers();
        CreateFaults();
        _diskDuration = _meter.CreateHistogram("actortorrent.disk.operation.duration", "s", "Time that disk operations took on their thread.", null, Buckets(0.0005, 12));
        _connectDuration = _meter.CreateHistogram("actortorrent.peer.connect.duration", "s", "Time from the dial to the connection.", null, Buckets(0.001, 14));
        _handshakeDuration = _meter.CreateHistogram("actortorrent.peer.handshake.duration", "s", "Time from the connection to the end of the handshake.", null, Buckets(0.001, 14));
        CreateDisks();
        CreateDht();
        _mailbox = CreateActors();
    }

    /// <summary>The meter, for listeners that are to hear of this engine alone.</summary>
    public Meter Meter => _meter;

    /// <summary>Whether somebody reads what has to be asked for first.</summary>
    internal bool AreRead => _mailbox.Enabled;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal DiskLoad LoadOf(string volume)
    {
        lock (_gate)
        {
            if (!_disks.TryGetValue(volume, out var load))
                _disks[volume] = load = new DiskLoad(volume, _diskDuration);
            return load;
        }
    }

    internal void Connected(TimeSpan after, PeerDirection direction) =>
        _connectDuration.Record(after.TotalSeconds, new KeyValuePair<string, object?>(MetricNames.PeerDirection, Of(direction)));

    internal void Introduced(TimeSpan after, PeerDirection direction) =>
        _handshakeDuration.Record(after.TotalSeconds, new KeyValuePair<string, object?>(MetricNames.PeerDirection, Of(direction)));

    internal void Note(TorrentSnapshot snapshot)
    {
        lock (_gate)
        {
            // Whoever was restarted counts from nothing again; the sums must not fall.
            if (_torrents.TryGetValue(snapshot.InfoHash, out var last) && last.Downloaded > snapshot.Downloaded)
                _gone += MovedBytes.Of(last);
            _torrents[snapshot.InfoHash] = snapshot;
        }
    }

    internal void Note(FaultJournalEntry entry)
    {
        lock (_gate)
        {
            var kind = (entry.Fault.Phase, entry.Fault.Cause, entry.Decision.Action);
            _faults[kind] = _faults.GetValueOrDefault(kind) + 1;
            _blocksReturned += entry.BlocksReturned;
        }
    }

    internal void Note(TorrentEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case TorrentEvent.Stopped stopped:
                    _torrents.Remove(stopped.InfoHash);
                    _gone += MovedBytes.Of(stopped.Final);
                    break;
                case TorrentEvent.PieceFailed:
                    _piecesFailed++;
                    break;
                case TorrentEvent.Announced:
                    Announced("");
                    break;
                case TorrentEvent.AnnounceFailed failed:
                    Announced(FaultNames.SnakeCase(failed.Error.Kind.ToString()));
                    break;
            }
        }
    }

    internal void NoteRestart() => Interlocked.Increment(ref _restarts);

    internal void NoteDeadLetter() => Interlocked.Increment(ref _deadLetters);

    internal void Note(DhtStatus? dht) => Volatile.Write(ref _dht, dht);

    internal void Note(ActorCensus census) => Volatile.Write(ref _census, census);

    internal static string Of(PeerDirection direction) => direction == PeerDirection.Incoming ? "incoming" : "outgoing";

    private void Announced(string error) => _announces[error] = _announces.GetValueOrDefault(error) + 1;

    private void CreateTorrents()
    {
        _meter.CreateObservableUpDownCounter(
            "actortorrent.torrents", () => PerPhase(), "{torrent}", "Torrents by what they are about.");
        _meter.CreateObservableUpDownCounter(
            "actortorrent.pieces",
            () => Two(MetricNames.PieceState, "verified", Sum(s => s.PiecesHave), "missing", Sum(s => s.PiecesTotal - s.PiecesHave)),
            "{piece}",
            "Pieces of all torrents, verified or missing.");
        _meter.CreateObservableUpDownCounter(
            "actortorrent.content.size",
            () => Two(MetricNames.PieceState, "verified", Sum(s => s.BytesVerified), "missing", Sum(s => s.BytesWanted - s.BytesVerified)),
            "By",
            "Bytes wanted of all torrents, verified or missing.");
        _meter.CreateObservableCounter(
            "actortorrent.piece.failures", () => Interlocked.Read(ref _piecesFailed), "{piece}", "Pieces that did not match their hash.");
        _meter.CreateObservableCounter(
            "actortorrent.tracker.announces", () => PerAnnounce(), "{announce}", "Announces to trackers that have ended.");
    }

    private void CreateTransfer()
    {
        _meter.CreateObservableCounter(
            "actortorrent.transfer.io",
            () => Two(MetricNames.Direction, "receive", Sum(s => s.Downloaded) + _gone.Downloaded, "transmit", Sum(s => s.Uploaded) + _gone.Uploaded),
            "By",
            "Bytes of blocks moved since the start.");
        _meter.CreateObservableGauge(
            "actortorrent.transfer.rate",
            () => Two(MetricNames.Direction, "receive", Sum(s => (long)s.DownloadRate), "transmit", Sum(s => (long)s.UploadRate)),
            "By/s",
            "Bytes of blocks a second, now.");
        _meter.CreateObservableCounter(
            "actortorrent.transfer.wasted", () => Sum(s => s.Wasted) + _gone.Wasted, "By", "Bytes received in vain.");
    }

    private void CreatePeers()
    {
        _meter.CreateObservableUpDownCounter(
            "actortorrent.peer.connections",
            () => new[]
            {
                One(Sum(s => s.Peers.Waiting), MetricNames.PeerState, "waiting"),
                One(Sum(s => s.Peers.Connecting), MetricNames.PeerState, "connecting"),
                One(Sum(s => s.Peers.Running), MetricNames.PeerState, "running"),
            },
            "{connection}",
            "Connections to peers by state.");
        _meter.CreateObservableUpDownCounter(
            "actortorrent.peer.known", () => Sum(s => s.Peers.Known), "{peer}", "Addresses of peers that are remembered.");
        _meter.CreateObservableUpDownCounter(
            "actortorrent.peer.unchoking", () => Sum(s => s.Peers.Unchoking), "{peer}", "Peers that let us download.");
        _meter.CreateObservableUpDownCounter(
            "actortorrent.peer.seeds", () => Sum(s => s.Peers.Seeds), "{peer}", "Connected peers that have everything.");
        _meter.CreateObservableUpDownCounter(
            "actortorrent.peer.sources",
            () => new[]
            {
                One(Sum(s => s.Peers.Sources.Manual), MetricNames.PeerSource, "manual"),
                One(Sum(s => s.Peers.Sources.Tracker), MetricNames.PeerSource, "tracker"),
                One(Sum(s => s.Peers.Sources.Lsd), MetricNames.PeerSource, "lsd"),
                One(Sum(s => s.Peers.Sources.Incoming), MetricNames.PeerSource, "incoming"),
                One(Sum(s => s.Peers.Sources.Dht), MetricNames.PeerSource, "dht"),
                One(Sum(s => s.Peers.Sources.Pex), MetricNames.PeerSource, "pex"),
            },
            "{connection}",
            "Connections in use by who named the peer.");
    }

    private void CreateFaults()
    {
        _meter.CreateObservableCounter(
            "actortorrent.faults", () => PerFault(), "{fault}", "Peers' faults, and what was decided about them.");
        _meter.CreateObservableCounter(
            "actortorrent.fault.blocks_returned",
            () => Interlocked.Read(ref _blocksReturned),
            "{block}",
            "Blocks that went back to the picker at faults.");
    }

    private void CreateDisks() => _meter.CreateObservableUpDownCounter(
        "actortorrent.disk.operations", () => PerDisk(), "{operation}", "Disk operations that wait or are under way.");

    private void CreateDht()
    {
        _meter.CreateObservableUpDownCounter(
            "actortorrent.dht.nodes",
            () => _dht is { } dht ? Two(MetricNames.NetworkType, "ipv4", dht.Nodes, "ipv6", dht.Nodes6) : [],
            "{node}",
            "Nodes in the DHT's routing table.");
        _meter.CreateObservableCounter(
            "actortorrent.dht.messages",
            () => _dht is { } dht ? Two(MetricNames.Direction, "receive", dht.Received, "transmit", dht.Sent) : [],
            "{message}",
            "Datagrams of the DHT.");
    }

    private Instrument CreateActors()
    {
        _meter.CreateObservableUpDownCounter(
            "actortorrent.actors", () => PerKind(actors => actors.LongCount()), "{actor}", "Live actors.");
        _meter.CreateObservableGauge(
            "actortorrent.actor.mailbox.wait.max",
            () => PerKind(actors => actors.Max(a => a.Wait.TotalSeconds)),
            "s",
            "How long a message waits in the slowest mailbox.");
        _meter.CreateObservableCounter(
            "actortorrent.actor.restarts", () => Interlocked.Read(ref _restarts), "{restart}", "Restarts of actors.");
        _meter.CreateObservableCounter(
            "actortorrent.actor.dead_letters", () => Interlocked.Read(ref _deadLetters), "{message}", "Messages to actors that had ended.");
        return _meter.CreateObservableGauge(
            "actortorrent.actor.mailbox.depth",
            () => PerKind(actors => actors.Sum(a => (long)a.MailboxDepth)),
            "{message}",
            "Messages that wait in mailboxes.");
    }

    private long Sum(Func<TorrentSnapshot, long> of)
    {
        lock (_gate)
        {
            var sum = 0L;
            foreach (var torrent in _torrents.Values)
                sum += of(torrent);
            return sum;
        }
    }

    private List<Measurement<long>> PerPhase()
    {
        lock (_gate)
        {
            var counts = new long[Enum.GetValues<TorrentPhase>().Length];
            foreach (var torrent in _torrents.Values)
                counts[(int)torrent.Phase]++;
            return [.. counts.Select((count, phase) =>
                One(count, MetricNames.TorrentPhase, FaultNames.SnakeCase(((TorrentPhase)phase).ToString())))];
        }
    }

    private List<Measurement<long>> PerAnnounce()
    {
        lock (_gate)
        {
            return [.. _announces.Select(pair => pair.Key.Length == 0
                ? new Measurement<long>(pair.Value)
                : One(pair.Value, MetricNames.ErrorType, pair.Key))];
        }
    }

    private List<Measurement<long>> PerFault()
    {
        lock (_gate)
        {
            return [.. _faults.Select(pair => new Measurement<long>(
                pair.Value,
                new KeyValuePair<string, object?>(MetricNames.FaultPhase, FaultNames.Of(pair.Key.Phase)),
                new KeyValuePair<string, object?>(MetricNames.FaultCause, FaultNames.Of(pair.Key.Cause)),
                new KeyValuePair<string, object?>(MetricNames.FaultAction, FaultNames.Of(pair.Key.Action))))];
        }
    }

    private List<Measurement<long>> PerDisk()
    {
        lock (_gate)
        {
            var measurements = new List<Measurement<long>>(2 * _disks.Count);
            foreach (var load in _disks.Values)
            {
                var volume = new KeyValuePair<string, object?>(MetricNames.DiskVolume, load.Volume);
                measurements.Add(new(load.Queued, new KeyValuePair<string, object?>(MetricNames.DiskState, "queued"), volume));
                measurements.Add(new(load.Running, new KeyValuePair<string, object?>(MetricNames.DiskState, "running"), volume));
            }
            return measurements;
        }
    }

    private List<Measurement<T>> PerKind<T>(Func<IEnumerable<ActorStatus>, T> of)
        where T : struct
        => [.. (Volatile.Read(ref _census)?.Actors ?? []).GroupBy(a => a.Kind).Select(group =>
            new Measurement<T>(of(group), new KeyValuePair<string, object?>(MetricNames.ActorKind, FaultNames.SnakeCase(group.Key.ToString()))))];

    private static Measurement<long> One(long value, string attribute, string of) => new(value, new KeyValuePair<string, object?>(attribute, of));

    private static Measurement<long>[] Two(string attribute, string first, long ofFirst, string second, long ofSecond) =>
        [One(ofFirst, attribute, first), One(ofSecond, attribute, second)];

    private static InstrumentAdvice<double> Buckets(double first, int count) =>
        new() { HistogramBucketBoundaries = [.. Enumerable.Range(0, count).Select(i => first * Math.Pow(2, i))] };
}
