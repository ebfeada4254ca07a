using System.Diagnostics;
using System.Net;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Lab.Chaos;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Lab.Running;

/// <summary>Holds the engine of a run and watches it.</summary>
internal sealed class EngineWorker(Action<EngineReport> report) : IAsyncDisposable
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(FaultCause Cause, FaultAction Action), long> _faults = [];
    private readonly Lock _gate = new();
    private ActorSystem? _system;
    private TorrentEngine? _engine;
    private FaultyDisk? _disk;
    private Task _watching = Task.CompletedTask;
    private Task _sampling = Task.CompletedTask;
    private Task _censusing = Task.CompletedTask;
    private Task _probing = Task.CompletedTask;
    private TorrentSnapshot? _last;
    private ActorCensus? _census;
    private string[] _outcomes = [];
    private string? _stuck;
    private long _blocksReturned;
    private long _started;
    private int _failedPieces;

    public async Task HandleAsync(EngineOrder order)
    {
        switch (order.Do)
        {
            case EngineOrderKind.Start when order.Role == EngineRole.Probe:
                _started = Stopwatch.GetTimestamp();
                report(new EngineReport { Kind = EngineReportKind.Started, ProcessId = Environment.ProcessId });
                _sampling = SampleAsync();
                _probing = ProbeAsync(order);
                break;
            case EngineOrderKind.Start:
                await StartAsync(order);
                break;
            case EngineOrderKind.Disk:
                if (_disk is { } disk)
                    disk.Script = order.DiskMilliseconds > 0 ? DiskScript.Slow(TimeSpan.FromMilliseconds(order.DiskMilliseconds)) : DiskScript.Healthy;
                break;
            case EngineOrderKind.Stop:
                await StopAsync();
                Finish();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task StartAsync(EngineOrder order)
    {
        var settings = Settings(order);
        _system = ActorSystem.Create("lab", settings.Akka);
        _disk = new FaultyDisk(order.Seed);
        var context = new EngineContext(settings.Options, new HttpTrackerClient(settings.Options.Tracker), order.Seed)
        {
            Disk = _disk,
        };
        _engine = TorrentEngine.Start(_system, context);
        var events = await _engine.SubscribeAsync();
        var torrent = TorrentFileParser.Parse(Convert.FromBase64String(order.Torrent));
        _started = Stopwatch.GetTimestamp();
        var added = await _engine.AddAsync(new TorrentSpec(torrent, order.Folder) { FetchesNothing = order.Role == EngineRole.Seed });
        report(new EngineReport { Kind = EngineReportKind.Started, Port = added.ListenPort, ProcessId = Environment.ProcessId });
        _watching = WatchAsync(events, order.Role);
        _sampling = SampleAsync();
        if (order.MeasuresMailboxes)
            _censusing = CensusAsync(_engine);
    }

    /// <summary>The program's settings with the Lab's, the scenario's and the variant's laid over them.</summary>
    internal static EngineSettings Settings(EngineOrder order)
    {
        var overlay = Path.GetTempFileName();
        try
        {
            File.WriteAllText(overlay, order.Settings);
            return EngineSettings.Load(["lab", .. order.Profiles, overlay]);
        }
        catch (SettingsException e)
        {
            throw new SettingsException(e.Message.Replace(Path.GetFileName(overlay), "the scenario's settings", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(overlay);
        }
    }

    private async Task ProbeAsync(EngineOrder order)
    {
        var options = Settings(order).Options.Peer;
        var torrent = TorrentFileParser.Parse(Convert.FromBase64String(order.Torrent));
        var prober = new PeerProber(
            torrent.InfoHash,
            PeerId.Create(new Random(order.Seed)),
            new ProbeOptions { ConnectTimeout = options.ConnectTimeout, HandshakeTimeout = options.HandshakeTimeout });
        var peers = order.Peers.Select(IPEndPoint.Parse).ToArray();
        var byAddress = new Dictionary<IPEndPoint, string>();
        try
        {
            await foreach (var result in prober.ProbeAsync(peers, _stop.Token))
                byAddress[result.EndPoint] = result.Outcome.ToToken();
        }
        catch (OperationCanceledException)
        {
            // What there is so far is told.
        }
        _outcomes = [.. peers.Select(peer => byAddress.GetValueOrDefault(peer, "not probed"))];
        report(new EngineReport { Kind = EngineReportKind.Completed, Seconds = Seconds() });
    }

    private async Task WatchAsync(System.Threading.Channels.ChannelReader<object> events, EngineRole role)
    {
        var isComplete = false;
        await foreach (var happening in events.ReadAllAsync())
        {
            lock (_gate)
            {
                switch (happening)
                {
                    case TorrentSnapshot snapshot:
                        _last = snapshot;
                        break;
                    case FaultJournalEntry entry:
                        var kind = (entry.Fault.Cause, entry.Decision.Action);
                        _faults[kind] = _faults.GetValueOrDefault(kind) + 1;
                        _blocksReturned += entry.BlocksReturned;
                        break;
                    case TorrentEvent.PieceFailed:
                        _failedPieces++;
                        break;
                    case TorrentEvent.Stuck stuck when !isComplete:
                        _stuck = stuck.Reason;
                        report(new EngineReport { Kind = EngineReportKind.Note, Text = $"no progress: {stuck.Reason}" });
                        break;
                    case TorrentEvent.DiskFailed disk:
                        report(new EngineReport { Kind = EngineReportKind.Note, Text = $"the disk failed: {disk.Fault}" });
                        break;
                    case TorrentEvent.Completed completed when role == EngineRole.Download && !isComplete:
                        isComplete = true;
                        _last = completed.Final;
                        _stuck = null;
                        report(new EngineReport { Kind = EngineReportKind.Completed, Seconds = Seconds() });
                        break;
                }
            }
        }
    }

    private async Task CensusAsync(TorrentEngine engine)
    {
        try
        {
            await foreach (var census in engine.WatchActorsAsync(_stop.Token))
                Volatile.Write(ref _census, census);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(SampleEvery);
        try
        {
            do
                report(new EngineReport { Kind = EngineReportKind.Sample, Sample = Sample() });
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            report(new EngineReport { Kind = EngineReportKind.Sample, Sample = Sample() });
        }
    }

    private LabSample Sample()
    {
        var (cpu, resident) = ProcessUsage.OfThis();
        var census = Volatile.Read(ref _census);
        TorrentSnapshot? last;
        lock (_gate)
            last = _last;
        return new LabSample
        {
            Seconds = Seconds(),
            Downloaded = last?.Downloaded ?? 0,
            Verified = last?.BytesVerified ?? 0,
            Uploaded = last?.Uploaded ?? 0,
            Wasted = last?.Wasted ?? 0,
            Waiting = last?.Peers.Waiting ?? 0,
            Connecting = last?.Peers.Connecting ?? 0,
            Running = last?.Peers.Running ?? 0,
            Unchoking = last?.Peers.Unchoking ?? 0,
            Faults = last?.Faults ?? 0,
            CpuSeconds = cpu,
            ResidentBytes = resident,
            MailboxDepth = census?.Actors.Sum(static actor => actor.MailboxDepth) ?? 0,
            MailboxWait = census?.Slowest?.Wait.TotalMilliseconds ?? 0,
        };
    }

    private async Task StopAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _sampling;
        await _probing;
        await _censusing;
        if (_system is null)
            return;
        try
        {
            await _engine!.StopAsync(StopDeadline);
        }
        catch (AskTimeoutException)
        {
            report(new EngineReport { Kind = EngineReportKind.Note, Text = "the engine did not stop in time" });
        }
        await _system.Terminate();
        await _watching;
    }

    private void Finish() => report(new EngineReport
    {
        Kind = EngineReportKind.Final,
        Seconds = Seconds(),
        Faults = [.. _faults.Select(static pair => new FaultCount(FaultNames.Of(pair.Key.Cause), FaultNames.Of(pair.Key.Action), pair.Value))
            .OrderByDescending(static count => count.Count)],
        BlocksReturned = _blocksReturned,
        FailedPieces = _failedPieces,
        Stuck = _stuck,
        Outcomes = _outcomes,
    });

    private double Seconds() => Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 3);
}
