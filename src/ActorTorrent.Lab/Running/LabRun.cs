using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Threading.Channels;
using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Reports;
using ActorTorrent.Lab.Scenarios;
using ActorTorrent.Lab.Trackers;

namespace ActorTorrent.Lab.Running;

/// <summary>One run of one variant of a scenario: peers, tracker and engine are started, the plan is carried out, what happens is gathered.</summary>
internal sealed class LabRun : IAsyncDisposable
{
    private const int MostNamedByTracker = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(250);

    private readonly Scenario _scenario;
    private readonly ScenarioVariant _variant;
    private readonly int _repetition;
    private readonly int _seed;
    private readonly SwarmPlan _plan;
    private readonly LabOptions _options;
    private readonly ILabView _view;
    private readonly GeneratedContent _content;
    private readonly LabTracker _tracker;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortorrent-lab-");
    private readonly Channel<EngineReport> _reports = Channel.CreateUnbounded<EngineReport>();
    private readonly List<LabSample> _samples = [];
    private readonly List<FaultMark> _marks = [];
    private readonly Dictionary<int, EnginePeer> _engines = [];
    private Task<string>? _contentFolder;
    private PeersSide? _peers;
    private EngineSide? _engine;
    private long _started;
    private bool _isOver;

    public LabRun(Scenario scenario, ScenarioVariant variant, int repetition, int seed, SwarmPlan plan, LabOptions options, ILabView view)
    {
        _scenario = scenario;
        _variant = variant;
        _repetition = repetition;
        _seed = seed;
        _plan = plan;
        _options = options;
        _view = view;
        _content = LabContent.Of(scenario, seed);
        _tracker = new LabTracker(new LabTrackerOptions
        {
            Interval = scenario.TrackerInterval,
            MaxNumWant = MostNamedByTracker,
            MaxPeersPerTorrent = plan.Peers.Count + 10,
            Seed = seed,
        });
    }

    private double Seconds => Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 3);

    /// <summary>Runs.</summary>
    /// <param name="stop">Ends the run early; what there is by then is its result.</param>
    public async Task<LabRunResult> RunAsync(CancellationToken stop)
    {
        CheckOpenFiles();
        await _tracker.StartAsync(cancellationToken: stop);
        _peers = await PeersSide.StartAsync(_plan, StartWorker, new PeersOrder
        {
            Do = PeersOrderKind.Prepare,
            Scenario = _scenario.Text,
            Folder = _scenario.Folder,
            Seed = _seed,
            AllDial = _options.Target is not null,
            InfoHash = (_options.Target?.Torrent is { } foreign ? Wire.Metainfo.TorrentFileParser.Parse(foreign).InfoHash : _content.InfoHash).ToString(),
            ForeignTorrent = _options.Target?.Torrent is { } bytes ? Convert.ToBase64String(bytes) : null,
        });
        _peers.OnArrived = Pin;
        var first = _plan.Events.TakeWhile(static happening => happening.At == TimeSpan.Zero && happening.Action == PlannedAction.Arrive)
            .SelectMany(static happening => happening.Peers).ToArray();
        await ArriveAsync([.. first.Where(IsDialled)]).WaitAsync(Patience, stop);
        var target = await StartEngineAsync().WaitAsync(stop);
        if (target is not null)
            await _peers.AimAsync(target);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(_options.Duration ?? _scenario.Duration);
        var completion = _engine?.Completed;
        var sampling = SampleAsync(end.Token);
        var driving = DriveAsync(first, end.Token);
        var ended = await EndAsync(completion, driving, end.Token);
        var seconds = Seconds;
        Volatile.Write(ref _isOver, true);
        await end.CancelAsync();
        await driving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sampling;
        return await ConcludeAsync(ended, seconds, stop.IsCancellationRequested);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_engines.Values.Select(static engine => engine.DisposeAsync().AsTask()));
        if (_engine is not null)
            await _engine.DisposeAsync();
        if (_peers is not null)
            await _peers.DisposeAsync();
        await _tracker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private IWorker StartWorker(WorkerKind kind) =>
        _options.WorkerProgram is { } program ? ProcessWorker.Start(program, kind) : new LocalWorker(kind);

    private void CheckOpenFiles()
    {
        var connections = _plan.Peers.Count(static peer => peer.Script is not null);
        if (OpenFileLimit.Read() is not { } limit)
            return;
        // In one process, both ends are.
        var needed = (_options.WorkerProgram is null ? connections * 3 : connections) + 500;
        if (needed > limit && _options.Target is null)
        {
            throw new LabException(string.Create(
                CultureInfo.InvariantCulture,
                $"{_scenario.Name}: {connections} peers need {needed} open files in one process, and the limit is {limit}. Raise it (ulimit -n {needed}, up to ulimit -Hn; LimitNOFILE= of a systemd unit), or lower the counts."));
        }
    }

    private void Pin(int index, IPEndPoint endPoint)
    {
        if (_plan.Peers[index].Script is { } script)
            _tracker.Swarms.Pin(_content.InfoHash, new SwarmPeer(endPoint, script.PeerId ?? default, IsSeed: true));
    }

    /// <summary>Starts the engine under test.</summary>
    /// <returns>Where peers dial; null when nobody can.</returns>
    private async Task<IPEndPoint?> StartEngineAsync()
    {
        if (_options.Target is { } target)
        {
            _started = Stopwatch.GetTimestamp();
            return target.EndPoint;
        }
        var files = await FolderAsync(_scenario.Role, "engine");
        _engine = new EngineSide(StartWorker(WorkerKind.Engine), report => _reports.Writer.TryWrite(report));
        var started = await _engine.StartAsync(Order(files, string.Join('\n', [.. _scenario.Settings, .. _variant.Settings])) with
        {
            Role = _scenario.Role,
            MeasuresMailboxes = _scenario.MeasuresMailboxes,
            Peers = _scenario.Role == EngineRole.Probe
                ? [.. _peers!.EndPoints.OrderBy(static pair => pair.Key).Select(static pair => pair.Value.ToString())]
                : [],
        });
        _started = Stopwatch.GetTimestamp();
        return started.Port == 0 ? null : new IPEndPoint(IPAddress.Loopback, started.Port);
    }

    private EngineOrder Order(string files, string settings) => new()
    {
        Do = EngineOrderKind.Start,
        Profiles = _scenario.Profiles,
        Settings = settings,
        Torrent = Convert.ToBase64String(_content.BuildTorrent(_tracker.AnnounceUri)),
        Folder = files,
        Seed = _seed,
    };

    /// <summary>Carries out the plan, from those of the first moment that dial on.</summary>
    private async Task DriveAsync(int[] first, CancellationToken end)
    {
        await ArriveAsync([.. first.Where(peer => !IsDialled(peer))]);
        var skipped = first.Length;
        foreach (var happening in _plan.Events)
        {
            if (skipped > 0 && happening.At == TimeSpan.Zero && happening.Action == PlannedAction.Arrive)
            {
                skipped -= happening.Peers.Count;
                continue;
            }
            var wait = happening.At - Stopwatch.GetElapsedTime(_started);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, end);
            end.ThrowIfCancellationRequested();
            if (happening.Fault is { } fault)
            {
                lock (_marks)
                    _marks.Add(new FaultMark(Seconds, fault));
                _reports.Writer.TryWrite(new EngineReport { Kind = EngineReportKind.Note, Text = fault });
            }
            await CarryOutAsync(happening);
        }
    }

    private async Task CarryOutAsync(PlannedEvent happening)
    {
        switch (happening.Action)
        {
            case PlannedAction.Arrive:
                await ArriveAsync(happening.Peers);
                foreach (var peer in happening.Peers)
                {
                    if (_peers!.EndPoints.TryGetValue(peer, out var endPoint))
                        Pin(peer, endPoint);
                }
                break;
            case PlannedAction.Leave:
                await _peers!.LeaveAsync(happening.Peers, happening.Ending);
                foreach (var peer in happening.Peers)
                    Leave(peer, happening.Ending);
                break;
            case PlannedAction.CutOff:
                await _peers!.CutOffAsync(happening.Peers);
                break;
            case PlannedAction.Rejoin:
                await _peers!.RejoinAsync(happening.Peers);
                break;
            case PlannedAction.TrackerDown:
                _tracker.Fault = new TrackerFault.HttpStatus(503);
                break;
            case PlannedAction.TrackerUp:
                _tracker.Fault = null;
                break;
            case PlannedAction.DiskSlow or PlannedAction.DiskNormal when _engine is not null:
                await _engine.TellAsync(new EngineOrder { Do = EngineOrderKind.Disk, DiskMilliseconds = (int)happening.Delay.TotalMilliseconds });
                break;
        }
    }

    /// <summary>Whether a peer waits for others to find it, so that it can be there before the engine under test is.</summary>
    private bool IsDialled(int peer) => _plan.Peers[peer].Script is null or { Dials: false };

    private async Task ArriveAsync(IReadOnlyList<int> peers)
    {
        var engines = new List<Task>();
        foreach (var index in peers)
        {
            if (_plan.Peers[index].Script is null)
                engines.Add((await EngineAsync(index)).ArriveAsync());
        }
        await _peers!.ArriveAsync(peers);
        await Task.WhenAll(engines);
    }

    /// <summary>A whole engine as a peer: an address of its own, found through the tracker.</summary>
    private async Task<EnginePeer> EngineAsync(int index)
    {
        if (_engines.TryGetValue(index, out var known))
            return known;
        var planned = _plan.Peers[index];
        var group = _scenario.Swarm.First(group => group.Name == planned.Group);
        var files = await FolderAsync(group.Role, string.Create(CultureInfo.InvariantCulture, $"engine-{index}"));
        string[] settings =
        [
            $"actortorrent.bind.ipv4 = \"{planned.Address}\"",
            .. group.BytesPerSecond is { } rate ? [string.Create(CultureInfo.InvariantCulture, $"actortorrent.limits.upload = \"{rate}B/s\"")] : (string[])[],
            .. group.Settings,
        ];
        var order = Order(files, string.Join('\n', settings)) with { Role = group.Role, Seed = planned.EngineSeed };
        return _engines[index] = new EnginePeer(group.Name, () => StartWorker(WorkerKind.Engine), order);
    }

    /// <summary>Where an engine has its files: whoever seeds, with all others who do.</summary>
    private async Task<string> FolderAsync(EngineRole role, string name)
    {
        if (role != EngineRole.Seed)
            return Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        return await (_contentFolder ??= WriteContentAsync());

        async Task<string> WriteContentAsync()
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "content")).FullName;
            await _content.WriteFilesAsync(folder);
            return folder;
        }
    }

    private void Leave(int index, Peers.PeerDeparture ending)
    {
        // Who leaves in order tells the tracker; the others stay on its list, as in the world.
        if (ending == Peers.PeerDeparture.Fin && _peers!.EndPoints.TryGetValue(index, out var endPoint))
            _tracker.Swarms.Remove(_content.InfoHash, endPoint);
        if (_engines.TryGetValue(index, out var engine))
            engine.Leave(ending);
    }

    private async Task<double?> EndAsync(Task<double>? completion, Task driving, CancellationToken end)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = end.Register(over.SetResult);
        var isBroken = FailAsync(driving);
        Task[] waited = completion is null ? [over.Task, isBroken] : [over.Task, isBroken, completion];
        while (true)
        {
            var first = await Task.WhenAny(waited);
            if (first == isBroken)
                await isBroken;
            if (first == over.Task)
                return completion is { IsCompletedSuccessfully: true } ? await completion : null;
            var seconds = await completion!;
            if (_scenario.EndsWhenComplete || _scenario.Role == EngineRole.Probe)
                return seconds;
            waited = [over.Task, isBroken];
        }
    }

    /// <summary>Ends only when the plan cannot be carried out.</summary>
    private static async Task FailAsync(Task driving)
    {
        try
        {
            await driving;
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        await Task.Delay(Timeout.InfiniteTimeSpan);
    }

    private async Task SampleAsync(CancellationToken end)
    {
        if (_engine is null)
        {
            using var timer = new PeriodicTimer(SampleEvery);
            try
            {
                while (await timer.WaitForNextTickAsync(end))
                {
                    Take(TargetSample());
                    Drain();
                }
            }
            catch (OperationCanceledException)
            {
                Take(TargetSample());
            }
            return;
        }
        try
        {
            await foreach (var report in _reports.Reader.ReadAllAsync(end))
                Handle(report);
        }
        catch (OperationCanceledException)
        {
            Drain();
        }
    }

    private void Drain()
    {
        while (_reports.Reader.TryRead(out var report))
            Handle(report);
    }

    private void Handle(EngineReport report)
    {
        if (report.Sample is { } sample)
            Take(sample with { Live = _peers!.Counts.Live });
        else if (report.Text is { } text)
            _view.Note(Seconds, text);
    }

    private void Take(LabSample sample)
    {
        // What is seen while all say good-bye is no part of the run.
        if (_isOver)
            return;
        _samples.Add(sample);
        _view.Sample(sample);
    }

    private LabSample TargetSample()
    {
        var counts = _peers!.Counts;
        var (cpu, resident) = _options.Target?.ProcessId is { } process ? ProcessUsage.Of(process) : default;
        return new LabSample
        {
            Seconds = Seconds,
            Downloaded = counts.Sent,
            Verified = counts.Sent,
            Uploaded = counts.Received,
            Running = (int)counts.Live,
            Live = counts.Live,
            CpuSeconds = cpu,
            ResidentBytes = resident,
        };
    }

    private async Task<LabRunResult> ConcludeAsync(double? completed, double seconds, bool isInterrupted)
    {
        var groups = await _peers!.SumAsync();
        var final = _engine is null ? new EngineReport() : await _engine.StopAsync();
        var engines = await Task.WhenAll(_engines.Values.Select(static engine => engine.FinishAsync()));
        Drain();
        bool? isVerified = null;
        if (completed is not null && _scenario.Role == EngineRole.Download && _engine is not null)
            isVerified = await Task.Run(() => _content.Verify(Path.Combine(_folder.FullName, "engine")) is var verdict && verdict.GoodPieces == verdict.Pieces);
        return new LabRunResult
        {
            Scenario = _scenario.Name,
            Variant = _variant.Name,
            Repetition = _repetition,
            Seed = _seed,
            Role = _scenario.Role,
            IsInterrupted = isInterrupted,
            IsVerified = isVerified,
            CompletedAfter = completed,
            Seconds = completed is { } c && _scenario.EndsWhenComplete ? c : seconds,
            TorrentBytes = _scenario.TorrentBytes,
            Stuck = final.Stuck,
            Samples = _samples,
            Marks = _marks,
            Faults = final.Faults,
            BlocksReturned = final.BlocksReturned,
            FailedPieces = final.FailedPieces,
            Groups =
            [
                .. groups.Concat(engines).GroupBy(static counts => counts.Group, StringComparer.Ordinal)
                    .Select(static group => group.Aggregate(static (sum, part) => sum + part)),
            ],
            Outcomes = Outcomes(final.Outcomes),
            WrongOutcomes = WrongOutcomes(final.Outcomes),
        };
    }

    private static IReadOnlyList<OutcomeCount> Outcomes(IReadOnlyList<string> outcomes) =>
        [.. outcomes.CountBy(static outcome => outcome).Select(static pair => new OutcomeCount(pair.Key, pair.Value)).OrderByDescending(static count => count.Count)];

    private int WrongOutcomes(IReadOnlyList<string> outcomes)
    {
        if (outcomes.Count == 0)
            return 0;
        var probed = _peers!.EndPoints.Keys.Order().ToArray();
        return probed.Where((peer, i) => outcomes[i] != ExpectedOutcome.Of(_plan.Peers[peer].Script!).ToToken()).Count();
    }
}
