using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Service.Session;

/// <content>Torrents come, go, rest, work, stand in line.</content>
public sealed partial class SessionActor
{
    private void ReceiveTorrents()
    {
        Receive<SessionProtocol.GetTorrents>(OnGetTorrents);
        Receive<SessionProtocol.Add>(OnAdd);
        Receive<Kept>(kept =>
        {
            if (_byHash.TryGetValue(kept.InfoHash, out var torrent))
                HandToEngine(torrent, kept.Peers, kept.Asker);
        });
        Receive<NotKept>(failed =>
        {
            if (_byHash.TryGetValue(failed.InfoHash, out var torrent))
                Forget(torrent);
            failed.Asker.Tell(new SessionProtocol.Refused(SessionErrorKind.Failed, failed.Cause.Message));
        });
        Receive<InEngine>(OnInEngine);
        Receive<EngineRefused>(OnEngineRefused);
        Receive<SessionProtocol.Resume>(resume => ForEach(resume.Ids, torrent =>
        {
            torrent.Set(torrent.Settings with { IsPaused = false, IsFinished = false });
            torrent.StartedAt = Now;
            torrent.Error = null;
            if (torrent is { Route: not null, IsAway: false })
                Tend(resume.IsForced ? _engine.ResumeNowAsync(torrent.InfoHash) : _engine.ResumeAsync(torrent.InfoHash));
        }));
        Receive<SessionProtocol.Pause>(pause => ForEach(pause.Ids, torrent =>
        {
            torrent.Set(torrent.Settings with { IsPaused = true });
            if (torrent is { Route: not null, IsAway: false })
                Tend(_engine.PauseAsync(torrent.InfoHash));
        }));
        Receive<SessionProtocol.Verify>(verify => ForEach(verify.Ids, static torrent => torrent.Route?.Coordinator.Tell(CoordinatorProtocol.Recheck.Instance)));
        Receive<SessionProtocol.Reannounce>(ask => ForEach(ask.Ids, static torrent => torrent.Route?.Coordinator.Tell(CoordinatorProtocol.Reannounce.Instance)));
        Receive<SessionProtocol.Remove>(OnRemove);
        Receive<Gone>(OnGone);
        Receive<SessionProtocol.MoveInQueue>(move => Reorder(QueueOrder.Move(_line, move.Ids.ToHashSet(), move.Move)));
        Receive<SessionProtocol.SetQueuePosition>(set => Reorder(QueueOrder.Place(_line, set.Id, set.Position)));
    }

    private void OnGetTorrents(SessionProtocol.GetTorrents message)
    {
        _removed.RemoveAll(gone => Now - gone.At > RemovalsKeptFor);
        var torrents = new SessionProtocol.Torrents([.. _torrents.Values.Select(static torrent => torrent.View)], [.. _removed], _revision);
        _board.Torrents = torrents;
        Sender.Tell(torrents);
    }

    private void OnAdd(SessionProtocol.Add add)
    {
        var wanted = add.Torrent;
        if (_byHash.TryGetValue(wanted.InfoHash, out var there))
        {
            AddTrackersOf(wanted, there);
            Sender.Tell(new SessionProtocol.Added(there.View, IsDuplicate: true));
            return;
        }
        var folder = wanted.DownloadFolder ?? _settings.DownloadFolder;
        var settings = new TorrentSettings
        {
            Id = _nextId++,
            InfoHash = wanted.InfoHash.ToString(),
            AddedAt = Now,
            Magnet = wanted.Magnet?.ToString(),
            DownloadFolder = folder,
            CurrentFolder = FolderToBegin(wanted.Metainfo, folder),
            Labels = wanted.Labels,
            IsPaused = wanted.IsPaused ?? !_settings.StartsAdded,
            MaxPeers = wanted.MaxPeers,
            BandwidthPriority = wanted.BandwidthPriority,
            IsSequential = wanted.IsSequential,
            Files = wanted.Files,
        };
        var torrent = new SessionTorrent(settings, wanted.Metainfo, wanted.Magnet, _board) { IsAway = true };
        if (_settings.DefaultTrackers.Count > 0 && wanted.Metainfo is not { IsPrivate: true })
            torrent.Set(settings with { Trackers = [.. torrent.Tiers().Select(static tier => (IReadOnlyList<string>)[.. tier.Select(static url => url.AbsoluteUri)]), .. _settings.DefaultTrackers] });
        torrent.ListTrackers();
        if (!settings.IsPaused)
            torrent.StartedAt = Now;
        _torrents.Add(settings.Id, torrent);
        _byHash.Add(torrent.InfoHash, torrent);
        _line.Add(settings.Id);
        torrent.QueuePosition = _line.Count - 1;
        Touch(torrent);
        Publish(new SessionEvent.Arrived(torrent.View));
        _current = _current with { Added = _current.Added + 1 };
        CountFiles(torrent);
        var (hash, asker) = (torrent.InfoHash, Sender);
        var queue = SaveQueue();
        KeepAsync().PipeTo(Self, Self, () => new Kept(hash, wanted.Peers, asker), failure => new NotKept(hash, failure, asker));

        async Task KeepAsync()
        {
            await _store.SaveTorrentAsync(torrent.Settings, wanted.File).ConfigureAwait(false);
            await queue.ConfigureAwait(false);
        }
    }

    /// <summary>A torrent that is added twice brings its trackers along, as long as it is not private.</summary>
    private void AddTrackersOf(NewTorrent wanted, SessionTorrent there)
    {
        if (there.Metainfo is { IsPrivate: true })
            return;
        var known = there.Tiers().SelectMany(static tier => tier).ToHashSet();
        var fresh = (wanted.Metainfo?.AnnounceTiers.SelectMany(static tier => tier) ?? wanted.Magnet!.Trackers).Where(known.Add).ToArray();
        if (fresh.Length == 0)
            return;
        var tiers = there.Tiers().Select(static tier => (IReadOnlyList<string>)[.. tier.Select(static url => url.AbsoluteUri)]);
        Apply(there, there.Settings with { Trackers = [.. tiers, .. fresh.Select(static url => (IReadOnlyList<string>)[url.AbsoluteUri])] });
        Tend(_store.SaveTorrentAsync(there.Settings));
    }

    /// <summary>Where a new torrent's files are until they are complete; null for where they belong.</summary>
    private string? FolderToBegin(TorrentMetainfo? metainfo, string folder)
    {
        if (!_settings.UsesIncompleteFolder || _settings.IncompleteFolder.Length == 0 || _settings.IncompleteFolder == folder)
            return null;
        // What lies where it belongs already is not looked for elsewhere.
        return metainfo is not null && Path.Exists(Path.Join(folder, metainfo.Layout.Files[0].Segments[0])) ? null : _settings.IncompleteFolder;
    }

    private void OnRemove(SessionProtocol.Remove remove)
    {
        var torrents = remove.Ids.Select(id => _torrents.GetValueOrDefault(id)).OfType<SessionTorrent>().Distinct().ToArray();
        var asker = Sender;
        foreach (var torrent in torrents)
            torrent.IsAway = true;
        Task.WhenAll(torrents.Select(RemoveAsync)).PipeTo(Self, Self, gone => new Gone(gone, asker), failure => new Gone([], asker) { Failure = failure.Message });

        async Task<InfoHash> RemoveAsync(SessionTorrent torrent)
        {
            // The list forgets it first: a kill in between leaves files, not a torrent that comes back.
            await _store.DeleteTorrentAsync(torrent.Settings.InfoHash).ConfigureAwait(false);
            try
            {
                await _engine.RemoveAsync(torrent.InfoHash, remove.WithData).ConfigureAwait(false);
            }
            catch (Engine.EngineRefusalException)
            {
                // The engine never took it.
            }
            return torrent.InfoHash;
        }
    }

    private void OnGone(Gone gone)
    {
        foreach (var hash in gone.Torrents)
        {
            if (_byHash.TryGetValue(hash, out var torrent))
                Forget(torrent);
        }
        if (gone.Failure is { } failure)
            gone.Asker.Tell(new SessionProtocol.Refused(SessionErrorKind.Failed, failure));
        else
            gone.Asker.Tell(SessionProtocol.Done.Instance);
    }

    private void Forget(SessionTorrent torrent)
    {
        _torrents.Remove(torrent.Settings.Id);
        _byHash.Remove(torrent.InfoHash);
        _line.Remove(torrent.Settings.Id);
        _revision++;
        _board.Torrents = null;
        _removed.Add(new SessionProtocol.RemovedTorrent(torrent.Settings.Id, torrent.InfoHash, Now));
        if (_removed.Count > KeptRemovals)
            _removed.RemoveAt(0);
        Renumber();
        Publish(new SessionEvent.Removed(torrent.Settings.Id, torrent.InfoHash));
    }

    private void Reorder(IReadOnlyList<int> line)
    {
        for (var at = 0; at < line.Count; at++)
        {
            if (_line[at] == line[at] || !_torrents.TryGetValue(line[at], out var torrent))
                continue;
            _line.Remove(line[at]);
            _line.Insert(at, line[at]);
            if (torrent is { Route: not null, IsAway: false })
                Tend(_engine.MoveInQueueAsync(torrent.InfoHash, at));
        }
        Renumber();
        AnswerWhen(SaveQueue());
    }

    private void Renumber()
    {
        for (var at = 0; at < _line.Count; at++)
        {
            var torrent = _torrents[_line[at]];
            if (torrent.QueuePosition == at)
                continue;
            torrent.QueuePosition = at;
            Touch(torrent);
        }
    }

    /// <summary>The engine takes who comes to the end of its line; one that was away gets its place back.</summary>
    private void PlaceInEngine(SessionTorrent torrent)
    {
        if (!IsStarting && torrent.QueuePosition < _line.Count - 1)
            Tend(_engine.MoveInQueueAsync(torrent.InfoHash, torrent.QueuePosition));
    }

    /// <summary>Does something to torrents, keeps them, and answers then. Numbers that nobody has are passed over.</summary>
    private void ForEach(IReadOnlyList<int> ids, Action<SessionTorrent> action)
    {
        var saves = new List<Task>();
        foreach (var id in ids)
        {
            if (!_torrents.TryGetValue(id, out var torrent))
                continue;
            var before = torrent.Settings;
            action(torrent);
            Touch(torrent);
            if (torrent.Settings != before)
                saves.Add(_store.SaveTorrentAsync(torrent.Settings));
        }
        AnswerWhen(Task.WhenAll(saves));
    }

    private void AnswerWhen(Task saved) => saved.PipeTo(
        Sender, Self, static () => SessionProtocol.Done.Instance, static failure => new SessionProtocol.Refused(SessionErrorKind.Failed, failure.Message));

    private Task SaveQueue() => _store.SaveQueueAsync([.. _line.Select(id => _torrents[id].Settings.InfoHash)]);

    /// <summary>Logs what fails of work that nobody waits for.</summary>
    private void Tend(Task work)
    {
        var log = _log;
        work.ContinueWith(
            failed => log.Warning("{0}", failed.Exception!.GetBaseException().Message),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private sealed record Kept(InfoHash InfoHash, IReadOnlyList<System.Net.IPEndPoint> Peers, IActorRef Asker);

    private sealed record NotKept(InfoHash InfoHash, Exception Cause, IActorRef Asker);

    private sealed record Gone(IReadOnlyList<InfoHash> Torrents, IActorRef Asker)
    {
        public string? Failure { get; init; }
    }
}
