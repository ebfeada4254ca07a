using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>What the coordinator tells the world.</content>
internal sealed partial class TorrentCoordinator
{
    private const int OncePatience = 5;

    private readonly Dictionary<Uri, TrackerError?> _trackerAnswers = [];
    private readonly Dictionary<Uri, SwarmNumbers> _swarm = [];
    private long _downloaded;
    private long _uploaded;
    private long _wasted;
    private TimeSpan _lastHopeAt;
    private TimeSpan _nextAskAt;
    private bool _isStuck;
    private TorrentSnapshot? _published;

    private void SetPhase(TorrentPhase phase)
    {
        if (_phase == phase)
            return;
        CountSeeding();
        _phase = phase;
        Publish();
    }

    private void Publish()
    {
        var snapshot = Snapshot();
        // Of a thousand torrents that do nothing there is nothing to tell; that time goes by is no news.
        if (!(_sessions.Count > 0 && IsFetching) && snapshot == _published?.At(snapshot.Ever))
            return;
        _published = snapshot;
        Publish(snapshot);
    }

    private static void Publish(object message) => Context.System.EventStream.Publish(message);

    private TorrentSnapshot Snapshot()
    {
        double down = 0, up = 0;
        int connecting = 0, running = 0, unchoking = 0, seeds = 0;
        var sources = new int[Enum.GetValues<PeerSource>().Length];
        foreach (var peer in _sessions.Values)
        {
            down += peer.DownloadRate;
            up += peer.UploadRate;
            if (peer.State != PeerState.Running)
            {
                connecting++;
                continue;
            }
            running++;
            sources[(int)SourceOf(peer.EndPoint)]++;
            if (!peer.IsChokingUs)
                unchoking++;
            if (peer.IsSeed)
                seeds++;
        }
        return new TorrentSnapshot(
            InfoHash,
            _phase,
            _bytesWanted,
            _bytesWanted - _picker.BytesLeft,
            _picker.Have.SetCount,
            _layout.PieceCount,
            _piecesChecked,
            _downloaded,
            _uploaded,
            _wasted,
            down,
            up,
            new PeerCounts(_directory.Count, _peers.Count - _sessions.Count, connecting, running, unchoking, seeds)
            {
                Sources = new PeerSourceCounts(
                    sources[(int)PeerSource.Manual],
                    sources[(int)PeerSource.Tracker],
                    sources[(int)PeerSource.Lsd],
                    sources[(int)PeerSource.Incoming],
                    sources[(int)PeerSource.Dht],
                    sources[(int)PeerSource.Pex]),
            },
            _journal.Total)
        {
            DiskFault = _diskFault,
            Swarm = SwarmNumbers.Most(_swarm.Values),
            Metadata = HasMetadata ? null : Progress(),
            Ever = _isTakenUp
                ? new TorrentTotals(_before.Downloaded + _downloaded, _before.Uploaded + _uploaded, SeedingTime(), _before.AddedAt, _completedAt)
                : null,
        };
    }

    private CoordinatorProtocol.PeerList ListPeers() => new([.. _peers.Values.OrderBy(static peer => peer.Number).Select(Status)]);

    private PeerStatus Status(PeerRecord peer)
    {
        var known = _directory.Find(peer.EndPoint);
        return new PeerStatus(peer.EndPoint, peer.Direction, peer.State)
        {
            ListenEndPoint = known is { IsDialable: true } ? known.EndPoint : null,
            Sources = known is null ? [PeerSource.Incoming] : [.. known.Sources],
            Client = peer.Extensions?.Client ?? (peer.Handshake is { } handshake ? PeerClient.Describe(handshake.PeerId) : null),
            Pieces = peer.Session == 0 ? 0 : _picker.PiecesOf(peer.Session),
            IsSeed = peer.IsSeed,
            IsUploadOnly = peer.Extensions?.IsUploadOnly == true,
            AreWeChoking = peer.AreWeChoking,
            IsChokingUs = peer.IsChokingUs,
            AreWeInterested = peer.AreWeInterested,
            IsInterested = peer.IsInterested,
            IsOptimistic = peer.Session != 0 && _choker.IsOptimistic(peer.Session),
            IsSnubbing = peer.IsSnubbing,
            DownloadRate = peer.DownloadRate,
            UploadRate = peer.UploadRate,
            Downloaded = peer.Downloaded,
            Uploaded = peer.Uploaded,
            BlocksOutstanding = peer.Session == 0 ? 0 : _picker.Outstanding(peer.Session),
            ConnectedFor = peer.State == PeerState.Running ? Now - peer.RunningSince : null,
            Failures = known?.Failures ?? 0,
            LastFault = known?.LastFault,
        };
    }

    /// <summary>Who named a peer; one that is forgotten came by itself.</summary>
    private PeerSource SourceOf(System.Net.IPEndPoint endPoint) => _directory.Find(endPoint)?.Source ?? PeerSource.Incoming;

    private void OnAnnounced(TrackerProtocol.AnnounceSucceeded answer)
    {
        _trackerAnswers[answer.Tracker] = null;
        NoteTracker(answer.Tracker, status => status with
        {
            LastAnnounce = _engine.Time.GetUtcNow(),
            NextAnnounce = _engine.Time.GetUtcNow() + answer.Next,
            Error = null,
            Warning = answer.Warning,
            Peers = answer.PeerCount,
        });
        if (answer.Seeders is not null || answer.Leechers is not null)
        {
            var before = _swarm.GetValueOrDefault(answer.Tracker);
            _swarm[answer.Tracker] = new SwarmNumbers(
                answer.Seeders ?? before?.Seeders ?? 0, answer.Leechers ?? before?.Leechers ?? 0, before?.Completed);
        }
        Publish(new TorrentEvent.Announced(InfoHash, answer.Tracker, answer.PeerCount, answer.Warning)
        {
            Seeders = answer.Seeders,
            Leechers = answer.Leechers,
            Next = answer.Next,
        });
    }

    private void OnAnnounceFailed(TrackerProtocol.AnnounceFailed failed)
    {
        _trackerAnswers[failed.Tracker] = failed.Error;
        NoteTracker(failed.Tracker, status => status with
        {
            LastAnnounce = _engine.Time.GetUtcNow(),
            NextAnnounce = failed.RetryIn is { } delay ? _engine.Time.GetUtcNow() + delay : null,
            Error = failed.Error.Message,
        });
        Publish(new TorrentEvent.AnnounceFailed(InfoHash, failed.Tracker, failed.Error) { RetryIn = failed.RetryIn });
    }

    private void OnScraped(TrackerProtocol.ScrapeSucceeded answer)
    {
        if (answer.Numbers is { } numbers)
            _swarm[answer.Tracker] = new SwarmNumbers(numbers.Seeders, numbers.Leechers, numbers.Downloaded);
        Publish(new TorrentEvent.Scraped(InfoHash, answer.Tracker, answer.Numbers));
    }

    private void OnScrapeFailed(TrackerProtocol.ScrapeFailed failed) =>
        Publish(new TorrentEvent.ScrapeFailed(InfoHash, failed.Tracker, failed.Error));

    private void OnTick()
    {
        Publish();
        SettlePayments();
        PursueMetadata();
        TellPeers();
        DialMore();
        AskForPeers();
        LookForHope();
        LookForGoal();
        Pace();
    }

    /// <summary>Asks trackers for more peers when hardly any are left to dial; they say how early is too early.</summary>
    private void AskForPeers()
    {
        if (!IsFetching || _sessions.Count > MaxPeers / 4 || _directory.NextDue() is not null || Now < _nextAskAt)
            return;
        _nextAskAt = Now + _engine.Options.Tracker.DefaultMinInterval;
        _tracker.Tell(TrackerProtocol.NeedPeers.Instance);
    }

    /// <summary>Notices, once, that a download cannot go on: nobody is connected, and nobody is to be expected.</summary>
    private void LookForHope()
    {
        var isRunning = _sessions.Values.Any(p => p.State == PeerState.Running);
        if (!IsFetching || isRunning)
        {
            _lastHopeAt = Now;
            _isStuck = false;
            return;
        }
        if (_isStuck || Now - _lastHopeAt < Patience())
            return;
        _isStuck = true;
        Publish(new TorrentEvent.Stuck(InfoHash, Despair()));
    }

    /// <summary>How long nothing may happen: not at all when everybody has said no, longer while somebody may yet come or came before.</summary>
    private TimeSpan Patience()
    {
        var options = _engine.Options.Torrent;
        var trackers = _trackers.SelectMany(t => t).Where(TrackerClients.CanAsk).ToArray();
        var isAnybodyExpected = _sessions.Count > 0 || _directory.NextDue() is not null || !trackers.All(_trackerAnswers.ContainsKey);
        if (!isAnybodyExpected && !IsLookedFor)
        {
            return trackers.All(t => _trackerAnswers[t] is { Kind: TrackerErrorKind.FailureReason }) ? TimeSpan.Zero : options.QuietAfter;
        }
        // A search without a tracker is repeated; it takes its time.
        return _downloaded > 0 || IsLookedFor ? options.StuckAfter * OncePatience : options.StuckAfter;
    }

    private string Despair()
    {
        var peers = _directory.Count == 0 ? "no peers are known" : FormattableString.Invariant($"none of {_directory.Count} known peers can be used");
        var lastFault = _journal.Entries.LastOrDefault() is { } entry ? $" (last: {entry.Fault.EndPoint} {Faults.FaultNames.Of(entry.Fault.Cause)})" : "";
        var trackers = _trackerAnswers.Count == 0
            ? "no tracker was asked"
            : string.Join("; ", _trackerAnswers.Select(a => a.Value is { } error ? $"tracker {a.Key} said: {error.Message}" : $"tracker {a.Key} named no usable peer"));
        return $"{peers}{lastFault}; {trackers}{(IsLookedFor ? "; nobody was found without a tracker" : "")}";
    }
}
