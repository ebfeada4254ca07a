using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;

namespace ActorTorrent.Service.Session;

/// <content>What the engine tells, the numbers that follow from it, and what has to be looked at from time to time.</content>
public sealed partial class SessionActor
{
    // A gap in the snapshots is a pause, not work.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);

    private readonly Queue<NumberedFault> _faults = [];
    private readonly SortedDictionary<string, TrackerStatistics> _trackerNumbers = new(StringComparer.Ordinal);
    private readonly StatisticsTotals _past;
    private readonly DateTimeOffset _startedAt;
    private StatisticsTotals _current = new() { Sessions = 1 };
    private long _faultNumber;
    private bool? _altWasDue;

    private void ReceiveEvents()
    {
        Receive<FilesCounted>(counted => _current = _current with { Files = _current.Files + counted.Count });
        Receive<TorrentSnapshot>(OnSnapshot);
        Receive<TorrentEvent>(OnEvent);
        Receive<FaultJournalEntry>(entry =>
        {
            var fault = new NumberedFault(++_faultNumber, entry);
            _faults.Enqueue(fault);
            if (_faults.Count > _context.Settings.KeptFaults)
                _faults.Dequeue();
            _board.Faults = null;
            Publish(new SessionEvent.Faulted(fault));
        });
    }

    private void OnSnapshot(TorrentSnapshot snapshot)
    {
        if (!_byHash.TryGetValue(snapshot.InfoHash, out var torrent))
            return;
        Count(torrent, snapshot);
        Touch(torrent);
    }

    private void Count(SessionTorrent torrent, TorrentSnapshot snapshot)
    {
        var before = torrent.Snapshot;
        // After it was out of the engine it counts from nothing again.
        var down = snapshot.Downloaded - (before?.Downloaded <= snapshot.Downloaded ? before.Downloaded : 0);
        var up = snapshot.Uploaded - (before?.Uploaded <= snapshot.Uploaded ? before.Uploaded : 0);
        var now = Now;
        if (down > 0 || up > 0)
        {
            _current = _current with { Downloaded = _current.Downloaded + down, Uploaded = _current.Uploaded + up };
            torrent.Set(torrent.Settings with { ActiveAt = now });
            torrent.IsDirty = true;
        }
        if (before is { Phase: TorrentPhase.Downloading } && snapshot.Phase == TorrentPhase.Downloading && now - torrent.SnapshotAt < LongestStep)
            torrent.DownloadingTime += now - torrent.SnapshotAt;
        torrent.Snapshot = snapshot;
        torrent.SnapshotAt = now;
        if (snapshot.Phase == TorrentPhase.Finished && !torrent.Settings.IsFinished)
        {
            torrent.Set(torrent.Settings with { IsFinished = true });
            torrent.IsDirty = true;
            Publish(new SessionEvent.Seeded(torrent.View));
        }
    }

    private void OnEvent(TorrentEvent what)
    {
        if (!_byHash.TryGetValue(what.InfoHash, out var torrent))
            return;
        switch (what)
        {
            case TorrentEvent.MetadataReceived received:
                if (torrent.Metainfo is null)
                {
                    torrent.Learn(received.Metainfo);
                    CountFiles(torrent);
                }
                if (torrent.Settings.Files.Count > 0)
                    torrent.Route?.Coordinator.Tell(new CoordinatorProtocol.SetFilePriorities(AllPriorities(torrent)));
                break;
            case TorrentEvent.MetadataRefused refused:
                torrent.Error = refused.Reason;
                break;
            case TorrentEvent.Completed completed:
                OnCompleted(torrent, completed.Final);
                break;
            case TorrentEvent.PieceFailed failed when torrent.Metainfo is { } metainfo:
                torrent.Set(torrent.Settings with { Corrupt = torrent.Settings.Corrupt + metainfo.Layout.PieceSize(failed.Piece) });
                torrent.IsDirty = true;
                break;
            case TorrentEvent.DiskFailed failed:
                torrent.Error = $"{failed.Fault.Path}: {failed.Fault.Reason}";
                break;
            case TorrentEvent.DiskRecovered:
                torrent.Error = null;
                break;
            case TorrentEvent.MoveProgress progress:
                torrent.Move = (progress.BytesMoved, progress.BytesTotal);
                break;
            case TorrentEvent.Moved moved:
                torrent.Move = null;
                torrent.Set(torrent.Settings with { CurrentFolder = moved.Folder == torrent.Settings.DownloadFolder ? null : moved.Folder });
                Tend(_store.SaveTorrentAsync(torrent.Settings));
                TellCompletion(torrent);
                break;
            case TorrentEvent.MoveFailed failed:
                torrent.Move = null;
                torrent.Error = $"{failed.Fault.Path}: {failed.Fault.Reason}";
                break;
            case TorrentEvent.Announced or TorrentEvent.AnnounceFailed or TorrentEvent.Scraped or TorrentEvent.ScrapeFailed:
                OnTracker(torrent, what);
                break;
            case TorrentEvent.Stopped stopped:
                Count(torrent, stopped.Final);
                break;
        }
        Touch(torrent);
        Publish(new SessionEvent.Happened(torrent.Settings.Id, what));
    }

    private void OnCompleted(SessionTorrent torrent, TorrentSnapshot final)
    {
        Count(torrent, final);
        var isNew = torrent.Settings.CompletedAt is null;
        if (isNew)
        {
            torrent.Set(torrent.Settings with { CompletedAt = final.Ever?.CompletedAt ?? Now });
            Tend(_store.SaveTorrentAsync(WithNumbers(torrent)));
        }
        if (torrent.Settings.CurrentFolder is not null)
            torrent.Route?.Coordinator.Tell(new CoordinatorProtocol.MoveStorage(torrent.Settings.DownloadFolder));
        // What was complete when it was added is no news.
        if (isNew && final.Downloaded > 0)
            torrent.IsCompletionDue = true;
        TellCompletion(torrent);
    }

    /// <summary>Tells of a completion once the files are where they belong.</summary>
    private static void TellCompletion(SessionTorrent torrent)
    {
        if (!torrent.IsCompletionDue || torrent.Settings.CurrentFolder is not null)
            return;
        torrent.IsCompletionDue = false;
        Publish(new SessionEvent.Completed(torrent.View));
    }

    private void OnTracker(SessionTorrent torrent, TorrentEvent what)
    {
        var (tracker, change) = what switch
        {
            TorrentEvent.Announced a => (a.Tracker, (Func<TrackerState, TrackerState>)(state => state with
            {
                AnnouncedAt = Now,
                NextAnnounceAt = Now + a.Next,
                Peers = a.Peers,
                Seeders = a.Seeders ?? state.Seeders,
                Leechers = a.Leechers ?? state.Leechers,
                Warning = a.Warning,
                Error = null,
            })),
            TorrentEvent.AnnounceFailed f => (f.Tracker, state => state with
            {
                AnnouncedAt = Now,
                NextAnnounceAt = f.RetryIn is { } wait ? Now + wait : null,
                Error = f.Error,
            }),
            TorrentEvent.Scraped s => (s.Tracker, state => state with
            {
                ScrapedAt = Now,
                Seeders = s.Numbers?.Seeders ?? state.Seeders,
                Leechers = s.Numbers?.Leechers ?? state.Leechers,
                Completed = s.Numbers?.Downloaded ?? state.Completed,
                ScrapeError = null,
            }),
            TorrentEvent.ScrapeFailed s => (s.Tracker, state => state with { ScrapedAt = Now, ScrapeError = s.Error }),
            _ => throw new ArgumentException("It is not about a tracker.", nameof(what)),
        };
        var at = torrent.Trackers.FindIndex(state => state.Tracker == tracker);
        if (at >= 0)
            torrent.Trackers[at] = change(torrent.Trackers[at]);
        var name = tracker.GetLeftPart(UriPartial.Authority);
        var numbers = _trackerNumbers.GetValueOrDefault(name) ?? new TrackerStatistics(name, 0, 0, 0, LastError: null);
        if (what is TorrentEvent.Announced announced)
            _trackerNumbers[name] = numbers with { Announces = numbers.Announces + 1, Peers = numbers.Peers + announced.Peers, LastError = null };
        else if (what is TorrentEvent.AnnounceFailed failed)
            _trackerNumbers[name] = numbers with { Failures = numbers.Failures + 1, LastError = failed.Error.Message };
    }

    private SessionStatistics Statistics()
    {
        var views = _torrents.Values;
        return new SessionStatistics(
            Current(),
            Cumulative(),
            views.Count,
            views.Count(static torrent => torrent.Snapshot is { Phase: TorrentPhase.Downloading or TorrentPhase.Seeding or TorrentPhase.FetchingMetadata }),
            views.Count(static torrent => torrent.View.Phase is TorrentPhase.Paused or TorrentPhase.Finished),
            views.Sum(static torrent => torrent.Snapshot?.DownloadRate ?? 0),
            views.Sum(static torrent => torrent.Snapshot?.UploadRate ?? 0),
            [.. _trackerNumbers.Values]);
    }

    /// <summary>Counts the files of a torrent that are to be made. Those that are there already are none of our work.</summary>
    private void CountFiles(SessionTorrent torrent)
    {
        if (torrent is not { Metainfo.Layout: var layout, Settings: var settings })
            return;
        var wanted = layout.Files
            .Where(file => !file.IsPadding && settings.Files.GetValueOrDefault(file.Index, FilePriority.Normal) != FilePriority.Skip)
            .Select(file => Path.Join([settings.Folder, .. file.Segments]))
            .ToArray();
        Task.Run(() => wanted.Count(static path => !File.Exists(path))).PipeTo(Self, Self, static count => new FilesCounted(count));
    }

    private StatisticsTotals Current() => _current with { Seconds = (long)(Now - _startedAt).TotalSeconds };

    private StatisticsTotals Cumulative()
    {
        var current = Current();
        return new StatisticsTotals
        {
            Downloaded = _past.Downloaded + current.Downloaded,
            Uploaded = _past.Uploaded + current.Uploaded,
            Added = _past.Added + current.Added,
            Files = _past.Files + current.Files,
            Sessions = _past.Sessions + current.Sessions,
            Seconds = _past.Seconds + current.Seconds,
        };
    }

    private Task SaveStatistics() => _store.SaveStatisticsAsync(Cumulative());

    private void SaveNumbers()
    {
        foreach (var torrent in _torrents.Values.Where(static torrent => torrent.IsDirty))
            Tend(_store.SaveTorrentAsync(WithNumbers(torrent)));
        Tend(SaveStatistics());
    }

    private static TorrentSettings WithNumbers(SessionTorrent torrent)
    {
        torrent.IsDirty = false;
        torrent.Set(torrent.Settings with
        {
            Downloaded = torrent.View.Downloaded,
            Uploaded = torrent.View.Uploaded,
            DownloadingSeconds = torrent.Settings.DownloadingSeconds + (long)torrent.DownloadingTime.TotalSeconds,
        });
        torrent.DownloadingTime = TimeSpan.Zero;
        return torrent.Settings;
    }

    private void KeepHouse()
    {
        SwitchAltLimits();
        EndIdleSeeding();
    }

    /// <summary>The clock switches the alternative limits at the begin and the end of their time; in between the user may.</summary>
    private void SwitchAltLimits()
    {
        if (!_settings.IsAltScheduled)
        {
            _altWasDue = null;
            return;
        }
        var isDue = AltSchedule.IsDue(_settings, _context.Time.GetLocalNow().DateTime);
        if (_altWasDue == isDue)
            return;
        _altWasDue = isDue;
        if (_settings.IsAltOn != isDue)
            Tend(SetSettings(_settings with { IsAltOn = isDue }));
    }

    private void EndIdleSeeding()
    {
        foreach (var torrent in _torrents.Values)
        {
            if (torrent.Snapshot?.Phase != TorrentPhase.Seeding || torrent is not { Route: not null, IsAway: false, Settings: var settings })
                continue;
            var minutes = settings.IdleMode switch
            {
                LimitMode.Own => settings.IdleMinutes,
                LimitMode.Session when _settings.IsIdleLimited => _settings.IdleMinutes,
                _ => 0,
            };
            var since = Later(Later(settings.ActiveAt, torrent.StartedAt), settings.CompletedAt) ?? settings.AddedAt;
            if (minutes == 0 || Now - since < TimeSpan.FromMinutes(minutes))
                continue;
            torrent.Set(settings with { IsPaused = true, IsFinished = true });
            Touch(torrent);
            Publish(new SessionEvent.Seeded(torrent.View));
            Tend(_engine.PauseAsync(torrent.InfoHash));
            Tend(_store.SaveTorrentAsync(torrent.Settings));
        }

        static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
    }

    private sealed record FilesCounted(int Count);
}
