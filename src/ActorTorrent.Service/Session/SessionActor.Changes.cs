using ActorTorrent.Engine.Coordination;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;

namespace ActorTorrent.Service.Session;

/// <content>What users want changes, of torrents and of the session.</content>
public sealed partial class SessionActor
{
    private void ReceiveChanges()
    {
        Receive<SessionProtocol.Change>(OnChange);
        Receive<SessionProtocol.SetFolder>(OnSetFolder);
        Receive<SessionProtocol.Rename>(OnRename);
        Receive<Reloaded>(OnReloaded);
        Receive<SessionProtocol.GetSettings>(_ => Sender.Tell(_board.Settings = _settings));
        Receive<SessionProtocol.ChangeSettings>(OnChangeSettings);
        Receive<SessionProtocol.GetStatistics>(_ => Sender.Tell(Statistics()));
        Receive<SessionProtocol.GetFaults>(get =>
        {
            var all = _board.Faults ??= [.. _faults];
            Sender.Tell(new SessionProtocol.Faults(get.After == 0 ? all : [.. all.Where(fault => fault.Number > get.After)]));
        });
    }

    private void OnChange(SessionProtocol.Change change)
    {
        var changed = new List<(SessionTorrent Torrent, TorrentSettings Settings)>();
        try
        {
            foreach (var id in change.Ids)
            {
                if (_torrents.TryGetValue(id, out var torrent))
                    changed.Add((torrent, change.How(torrent.View)));
            }
        }
        catch (SessionException refusal)
        {
            Refuse(refusal.Kind, refusal.Message);
            return;
        }
        var saves = new List<Task>();
        foreach (var (torrent, settings) in changed)
        {
            if (settings == torrent.Settings)
                continue;
            Apply(torrent, settings with { EditedAt = Now });
            saves.Add(_store.SaveTorrentAsync(torrent.Settings));
        }
        AnswerWhen(Task.WhenAll(saves));
    }

    /// <summary>Takes over new settings and tells the engine what they change.</summary>
    private void Apply(SessionTorrent torrent, TorrentSettings settings)
    {
        var before = torrent.Settings;
        torrent.Set(settings);
        Touch(torrent);
        if (torrent is not { Route: { } route, IsAway: false })
            return;
        if (LimitsOf(before) != LimitsOf(settings))
            _engine.SetLimits(torrent.InfoHash, LimitsOf(settings));
        if (SessionTorrent.TermsOf(before) != SessionTorrent.TermsOf(settings))
            _engine.SetTerms(torrent.InfoHash, SessionTorrent.TermsOf(settings));
        if (before.MaxPeers != settings.MaxPeers)
            route.Coordinator.Tell(new CoordinatorProtocol.SetMaxPeers(settings.MaxPeers ?? _settings.MaxPeersPerTorrent));
        if (before.RatioMode != settings.RatioMode || before.RatioLimit != settings.RatioLimit)
            Tend(_engine.SetSeedingGoalAsync(torrent.InfoHash, torrent.Ratio(), time: null));
        if (!ReferenceEquals(before.Files, settings.Files))
            route.Coordinator.Tell(new CoordinatorProtocol.SetFilePriorities(AllPriorities(torrent)));
        if (!ReferenceEquals(before.Trackers, settings.Trackers))
            route.Coordinator.Tell(new CoordinatorProtocol.SetTrackers(torrent.Tiers()));
    }

    private static Dictionary<int, FilePriority> AllPriorities(SessionTorrent torrent) =>
        Enumerable.Range(0, torrent.Metainfo?.Layout.Files.Count ?? 0)
            .ToDictionary(static file => file, file => torrent.Settings.Files.GetValueOrDefault(file, FilePriority.Normal));

    private void OnSetFolder(SessionProtocol.SetFolder set) => ForEach(set.Ids, torrent =>
    {
        var settings = torrent.Settings;
        if (set.MovesFiles && torrent.Route is { } route && torrent.Metainfo is not null)
        {
            torrent.Set(settings with { DownloadFolder = set.Folder, CurrentFolder = settings.Folder == set.Folder ? null : settings.Folder });
            if (settings.Folder != set.Folder)
                route.Coordinator.Tell(new CoordinatorProtocol.MoveStorage(set.Folder));
            return;
        }
        torrent.Set(settings with { DownloadFolder = set.Folder, CurrentFolder = null });
        Reload(torrent, static () => { }, asker: null);
    });

    private void OnRename(SessionProtocol.Rename rename)
    {
        if (!_torrents.TryGetValue(rename.Id, out var torrent))
        {
            Refuse(SessionErrorKind.NotFound, $"There is no torrent {rename.Id}.");
            return;
        }
        if (torrent.Metainfo is not { } metainfo || torrent.IsAway)
        {
            Refuse(SessionErrorKind.Conflict, "Its files are not known yet, or are being moved.");
            return;
        }
        try
        {
            var (paths, name) = RenamedMetainfo.Rename(metainfo.Layout, rename.Path, rename.Name);
            var folder = torrent.Settings.Folder;
            var (from, to) = (Path.Join(folder, rename.Path), Path.Join(folder, Path.GetDirectoryName(rename.Path.TrimEnd('/')), rename.Name));
            var settings = torrent.Settings with
            {
                Renamed = new Dictionary<int, string>([.. torrent.Settings.Renamed.Where(old => !paths.ContainsKey(old.Key)), .. paths]),
                Name = name ?? torrent.Settings.Name,
            };
            torrent.Set(settings);
            Reload(
                torrent,
                () =>
                {
                    if (Path.Exists(from) && !Path.Exists(to))
                        Directory.Move(from, to);
                },
                Sender);
        }
        catch (SessionException refusal)
        {
            Refuse(refusal.Kind, refusal.Message);
        }
    }

    /// <summary>Takes a torrent out of the engine, does something to its files, and hands it back with the settings of then.</summary>
    private void Reload(SessionTorrent torrent, Action between, IActorRef? asker)
    {
        torrent.IsAway = true;
        // Its coordinator answers no more.
        torrent.Route = null;
        var (hash, settings, store) = (torrent.InfoHash, torrent.Settings, _store);
        ReloadAsync().PipeTo(Self, Self, () => new Reloaded(hash, asker, Failure: null), failure => new Reloaded(hash, asker, failure.GetBaseException().Message));

        async Task ReloadAsync()
        {
            try
            {
                await _engine.UnloadAsync(hash).ConfigureAwait(false);
            }
            catch (Engine.EngineRefusalException)
            {
                // It was not there.
            }
            await Task.Run(between).ConfigureAwait(false);
            await store.SaveTorrentAsync(settings).ConfigureAwait(false);
        }
    }

    private void OnReloaded(Reloaded reloaded)
    {
        if (!_byHash.TryGetValue(reloaded.InfoHash, out var torrent))
            return;
        torrent.Snapshot = null;
        HandToEngine(torrent, []);
        reloaded.Asker?.Tell(reloaded.Failure is { } failure
            ? new SessionProtocol.Refused(SessionErrorKind.Failed, failure)
            : SessionProtocol.Done.Instance);
    }

    private void OnChangeSettings(SessionProtocol.ChangeSettings change)
    {
        SessionSettings settings;
        try
        {
            settings = change.How(_settings);
        }
        catch (SessionException refusal)
        {
            Refuse(refusal.Kind, refusal.Message);
            return;
        }
        var asker = Sender;
        SetSettings(settings).PipeTo(
            asker, Self, () => settings, static failure => new SessionProtocol.Refused(SessionErrorKind.Failed, failure.Message));
    }

    private Task SetSettings(SessionSettings settings)
    {
        var before = _settings;
        _settings = settings;
        _board.Settings = null;
        ApplyLimits();
        ApplyGroups(before.Groups);
        Tend(_engine.SetQueueAsync(QueueOptions()));
        if (before.MaxPeersPerTorrent != settings.MaxPeersPerTorrent)
        {
            foreach (var torrent in _torrents.Values.Where(static torrent => torrent.Settings.MaxPeers is null))
                torrent.Route?.Coordinator.Tell(new CoordinatorProtocol.SetMaxPeers(settings.MaxPeersPerTorrent));
        }
        Publish(new SessionEvent.SettingsChanged(settings));
        return _store.SaveSettingsAsync(settings, _context.Defaults);
    }

    private sealed record Reloaded(InfoHash InfoHash, IActorRef? Asker, string? Failure);
}
