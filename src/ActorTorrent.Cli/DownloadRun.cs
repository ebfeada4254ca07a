using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using ActorTorrent.Engine;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Cli;

/// <summary>One download from its arguments to its exit code.</summary>
internal sealed class DownloadRun
{
    private readonly IDownloadReport _report;
    private readonly TextWriter _error;
    private readonly bool _keepsSeeding;
    private readonly bool _showsActors;
    private readonly bool _onlySeeds;
    private readonly DownloadArguments _arguments;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<FaultCause, long> _faults = [];
    private TorrentSnapshot? _last;
    private ActorCensus? _census;
    private bool _isComplete;
    private TorrentMetainfo? _metainfo;
    private int _port;

    private DownloadRun(IDownloadReport report, TextWriter error, DownloadArguments arguments)
    {
        _report = report;
        _error = error;
        _keepsSeeding = arguments.KeepsSeeding;
        _showsActors = arguments.ShowsActors;
        _onlySeeds = arguments.OnlySeeds;
        _arguments = arguments;
    }

    /// <summary>Runs a download until it is complete, stuck or stopped.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InputException">An argument or the torrent cannot be used.</exception>
    public static async Task<int> RunAsync(DownloadArguments arguments, IDownloadReport report, TextWriter error, CancellationToken stop)
    {
        using (report)
        {
            // All the threads to come as well.
            BatchScheduling.Begin();
            var settings = EngineSettings.Load(arguments.Profiles);
            if (arguments.Port is { } port)
            {
                var listen = settings.Options.Listen with { Port = port, AnyPortIfTaken = false };
                settings = settings with { Options = settings.Options with { Listen = listen } };
            }
            settings = settings with { Options = settings.Options with { Dht = DhtOption.Apply(arguments, settings.Options.Dht) } };
            var files = settings.Options.Filter.Files.Concat(arguments.IpFilters).Select(Path.GetFullPath).ToArray();
            settings = settings with { Options = settings.Options with { Filter = settings.Options.Filter with { Files = files } } };
            if (!arguments.UsesLsd)
                settings = settings with { Options = settings.Options with { Lsd = settings.Options.Lsd with { Enabled = false } } };
            if (arguments.Bind is { } bind)
                settings = settings with { Options = settings.Options with { Bind = bind } };
            if (arguments.Proxy is { } proxy)
                settings = settings with { Options = settings.Options with { Proxy = proxy } };
            var limits = settings.Options.Limits;
            var own = new RateLimits(arguments.DownloadLimit ?? limits.Engine.Download, arguments.UploadLimit ?? limits.Engine.Upload);
            settings = settings with { Options = settings.Options with { Limits = limits with { Engine = own } } };
            var spec = await SpecifyAsync(arguments, error, stop).ConfigureAwait(false);
            // What is only read may lie on a file system that is read-only.
            if (arguments.OnlySeeds)
            {
                if (MissingData.Describe(spec.Metainfo!, arguments.Output) is { } missing)
                {
                    report.Ended("incomplete", missing, last: null);
                    return ExitCode.Failed;
                }
            }
            else if (OutputFolder.Probe(spec.OutputFolder) is { } fault)
            {
                report.Ended("disk", Describe(fault), last: null);
                return ExitCode.Disk;
            }
            return await new DownloadRun(report, error, arguments).RunAsync(settings, arguments.State, spec, stop).ConfigureAwait(false);
        }
    }

    private static async Task<TorrentSpec> SpecifyAsync(DownloadArguments arguments, TextWriter error, CancellationToken stop)
    {
        var folder = Path.GetFullPath(arguments.Output);
        var magnet = arguments.OnlySeeds ? null : TorrentSource.ReadMagnet(arguments.Torrent);
        var spec = magnet is not null
            ? new TorrentSpec(magnet, folder) { WantedFiles = FileSelection.Parse(arguments.Select, layout: null) }
            : new TorrentSpec(await TorrentSource.LoadAsync(arguments.Torrent, stop).ConfigureAwait(false), folder);
        if (spec.Metainfo is { } metainfo)
            spec = spec with { WantedFiles = FileSelection.Parse(arguments.Select, metainfo.Layout) };
        var peers = new List<IPEndPoint>();
        foreach (var peer in arguments.Peers)
            peers.AddRange(await PeerArgument.ResolveAsync(peer, stop).ConfigureAwait(false));
        if (magnet is not null)
            peers.AddRange(await MagnetPeers.ResolveAsync(magnet, error, stop).ConfigureAwait(false));
        return spec with
        {
            Peers = peers,
            Priorities = Priorities(arguments, spec.Metainfo?.Layout),
            IsSequential = arguments.IsSequential,
            IsFirstAndLastFirst = arguments.IsFirstAndLastFirst,
            IsSuperSeeding = arguments.IsSuperSeeding,
            FetchesNothing = arguments.OnlySeeds,
            MaxPeers = arguments.MaxPeers,
        };
    }

    private static Dictionary<int, FilePriority> Priorities(DownloadArguments arguments, FileLayout? layout)
    {
        var priorities = (FileSelection.Parse(arguments.High, layout, "--high") ?? new HashSet<int>()).ToDictionary(file => file, _ => FilePriority.High);
        foreach (var file in FileSelection.Parse(arguments.Low, layout, "--low") ?? new HashSet<int>())
        {
            if (!priorities.TryAdd(file, FilePriority.Low))
                throw new InputException($"--low: file {file + 1} is in --high, too.");
        }
        return priorities;
    }

    private async Task<int> RunAsync(EngineSettings settings, string stateFolder, TorrentSpec spec, CancellationToken stop)
    {
        if (Lock(stateFolder, spec.InfoHash, out var refusal) is not { } held)
        {
            _report.Ended("refused", refusal, last: null);
            return ExitCode.Failed;
        }
        using var _ = held;
        await using var host = await EngineHost.StartAsync(settings, stateFolder).ConfigureAwait(false);
        var events = await host.Engine.SubscribeAsync().ConfigureAwait(false);
        EngineProtocol.TorrentAdded added;
        try
        {
            added = await host.Engine.AddAsync(spec).ConfigureAwait(false);
        }
        catch (EngineRefusalException e)
        {
            _report.Ended("refused", e.Message, last: null);
            return ExitCode.BadInput;
        }
        _metainfo = spec.Metainfo;
        _port = added.ListenPort;
        _report.Started(spec, added.ListenPort);
        using var look = new CancellationTokenSource();
        var looking = _showsActors ? LookAtActorsAsync(host.Engine, look.Token) : Task.CompletedTask;
        var code = await WatchAsync(events, stop).ConfigureAwait(false);
        await look.CancelAsync().ConfigureAwait(false);
        await looking.ConfigureAwait(false);
        if (_showsActors)
            _report.Actors(await host.Engine.CensusAsync().ConfigureAwait(false));
        await StopAsync(host.Engine, settings, events).ConfigureAwait(false);
        if (_isComplete)
        {
            if (_onlySeeds)
                _report.Ended("stopped", $"stopped; {Text.Bytes(_last!.Uploaded)} were uploaded", _last);
            else if (!_keepsSeeding)
                Complete();
        }
        return code;
    }

    /// <summary>Takes the torrent for this program; null, and why, when another one has it.</summary>
    private static TorrentLock? Lock(string folder, InfoHash torrent, out string refusal)
    {
        refusal = "";
        try
        {
            return TorrentLock.Take(folder, torrent);
        }
        catch (Exception e) when (e is TorrentLockedException or IOException or UnauthorizedAccessException)
        {
            refusal = e.Message;
            return null;
        }
    }

    /// <summary>Keeps the latest count of the actors for the next progress to show.</summary>
    private async Task LookAtActorsAsync(TorrentEngine engine, CancellationToken stop)
    {
        try
        {
            await foreach (var census in engine.WatchActorsAsync(stop).ConfigureAwait(false))
                Volatile.Write(ref _census, census);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>Shows events until one of them ends the run.</summary>
    private async Task<int> WatchAsync(ChannelReader<object> events, CancellationToken stop)
    {
        try
        {
            await foreach (var item in events.ReadAllAsync(stop).ConfigureAwait(false))
            {
                if (Show(item) is { } code)
                    return code;
            }
            _report.Ended("failed", "the engine ended by itself", _last);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            if (_isComplete || _onlySeeds)
                return ExitCode.Ok;
            _report.Ended("interrupted", "stopped; what is verified is kept, start it again to go on", _last);
            return ExitCode.Interrupted;
        }
    }

    private int? Show(object item)
    {
        switch (item)
        {
            case FaultJournalEntry entry:
                _faults[entry.Fault.Cause] = _faults.GetValueOrDefault(entry.Fault.Cause) + 1;
                _report.Fault(entry);
                return null;
            case TorrentSnapshot snapshot:
                _last = snapshot;
                if (Interlocked.Exchange(ref _census, null) is { } census)
                    _report.Actors(census);
                _report.Progress(snapshot);
                return null;
            case TorrentEvent.Completed completed:
                _last = completed.Final;
                _isComplete = true;
                if (_onlySeeds)
                {
                    _report.Seeding(_metainfo!, _port);
                    return null;
                }
                if (!_keepsSeeding)
                    return ExitCode.Ok;
                Complete();
                return null;
            case TorrentEvent.Checked check when _onlySeeds && check.PiecesHave < check.PiecesTotal:
                _report.Ended(
                    "incomplete",
                    $"{Text.Count(check.PiecesTotal - check.PiecesHave, "piece")} of {check.PiecesTotal} do not match; 'check' says which, 'download --seed' fetches them",
                    _last);
                return ExitCode.Failed;
            case TorrentEvent.MetadataReceived received:
                _metainfo = received.Metainfo;
                _report.Happened(received);
                return CheckSelection(received.Metainfo.Layout);
            case TorrentEvent.MetadataRefused refused:
                _report.Ended("refused", $"the metadata that the magnet link names cannot be used: {Text.Printable(refused.Reason)}", _last);
                return ExitCode.BadInput;
            case TorrentEvent.PiecesLost lost when _onlySeeds:
                _report.Ended(
                    "incomplete",
                    $"{Text.Count(lost.Pieces.Count, "piece")} were changed by another program; 'check' says which, 'download --seed' fetches them",
                    _last);
                return ExitCode.Failed;
            case TorrentEvent.Stuck stuck:
                _report.Ended("stuck", $"no progress possible: {stuck.Reason}", _last);
                return ExitCode.NoProgress;
            case TorrentEvent.DiskFailed failed when _onlySeeds || (_isComplete && _keepsSeeding):
                // The engine tries again by itself; a seed has nothing to lose by waiting.
                _report.Happened(failed);
                return null;
            case TorrentEvent.DiskFailed failed:
                _report.Ended("disk", Describe(failed.Fault), _last);
                return ExitCode.Disk;
            case TorrentEvent happened:
                _report.Happened(happened);
                return null;
            default:
                return null;
        }
    }

    /// <summary>Whether the files that were selected exist, now that it is known which there are.</summary>
    private int? CheckSelection(FileLayout layout)
    {
        try
        {
            _ = FileSelection.Parse(_arguments.Select, layout);
            _ = Priorities(_arguments, layout);
            return null;
        }
        catch (InputException e)
        {
            _report.Ended("refused", e.Message, _last);
            return ExitCode.BadInput;
        }
    }

    /// <summary>Lets the engine say good-bye; what is still told meanwhile counts.</summary>
    private async Task StopAsync(TorrentEngine engine, EngineSettings settings, ChannelReader<object> events)
    {
        try
        {
            await engine.StopAsync(settings.Options.Torrent.StopTimeout + TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            await _error.WriteLineAsync("The engine did not stop in time.").ConfigureAwait(false);
        }
        while (events.TryRead(out var item))
        {
            if (item is TorrentEvent.Stopped stopped)
                _last = stopped.Final;
        }
    }

    private void Complete() => _report.Completed(_last!, _clock.Elapsed, _faults);

    private static string Describe(DiskFault fault) => $"{fault.Path}: {fault.Reason} (while trying to {fault.Operation})";
}
