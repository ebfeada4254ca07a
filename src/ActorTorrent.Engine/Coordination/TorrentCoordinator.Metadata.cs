using ActorTorrent.Engine.Discovery;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Metadata;
using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Coordination;

/// <content>
/// A torrent that begins as a magnet link: until its metadata (BEP 9) is there it has no pieces, no files and no storage, but everything
/// else, its peers included, who stay when it comes.
/// </content>
internal sealed partial class TorrentCoordinator
{
    private static readonly FileLayout NoLayout = new([new TorrentFileEntry(0, ["unknown"], 0, 0)], FileLayout.BlockLength);

    private readonly MetadataFetch _metadata;
    private readonly CancellationTokenSource _whenStopped = new();
    private TorrentMetainfo? _metainfo;
    private IReadOnlyList<IReadOnlyList<Uri>> _trackers = [];

    private bool HasMetadata => _metainfo is not null;

    private bool IsComplete => HasMetadata && _picker.IsComplete;

    private bool IsPrivate => _metainfo is { IsPrivate: true };

    private bool IsFetching => _phase is TorrentPhase.FetchingMetadata or TorrentPhase.Downloading;

    // A tracker takes 0 for a seed.
    private long UnknownBytesLeft => _spec.Magnet?.Length ?? FileLayout.BlockLength;

    /// <summary>Looks for what an earlier run kept.</summary>
    private void Recall()
    {
        if (_engine.Resume is { } store)
            _disk.Tell(new DiskProtocol.Submit(new MetadataRecallJob(Self, _whenStopped.Token, InfoHash, store)));
        else
            Self.Tell(NothingKept.Instance);
    }

    private void Recalling()
    {
        Receive<DiskProtocol.Finished>(finished =>
        {
            if (finished.Job is not MetadataRecallJob { Metainfo: { } metainfo })
            {
                BeginFetch();
                return;
            }
            Understand(metainfo);
            Publish(new TorrentEvent.MetadataReceived(InfoHash, metainfo));
            Become(Checking);
            if (_spec.IsMetadataOnly)
                BeginStop();
            else
                StartWith(metainfo);
        });
        Receive<NothingKept>(_ => BeginFetch());
        Receive<CoordinatorProtocol.Incoming>(incoming => Refuse(incoming, FaultCause.NotActive, "what is kept of the torrent is being read"));
        Receive<CoordinatorProtocol.AddPeers>(add => _named.AddRange(add.Peers));
        Receive<Tick>(_ => Publish());
        Common();
    }

    private void BeginFetch()
    {
        StartTracker(_ownTiers ?? Tiers(known: null));
        _environment = NewEnvironment();
        TellReady();
        Become(Resting);
        _isActive = true;
        SettlePhase();
    }

    private void ReceiveMetadata()
    {
        Receive<PeerProtocol.MetadataPiece>(piece =>
        {
            _metadata.Receive(piece.Session, piece.Piece, piece.Data, Now);
            if (_metadata.TakeWhole() is { } whole)
                Verify(whole);
            AskForMetadata();
        });
        Receive<PeerProtocol.MetadataRejected>(rejected =>
        {
            _metadata.Reject(rejected.Session, rejected.Piece, Now);
            AskForMetadata();
        });
        Receive<DiskProtocol.Finished>(finished =>
        {
            if (finished.Job is MetadataJob job && !HasMetadata)
                OnVerified(job);
        });
    }

    /// <summary>A peer's handshake may offer metadata.</summary>
    private void LearnMetadata(PeerRecord peer, ExtensionHandshake extensions)
    {
        if (extensions.Extensions.GetValueOrDefault(MetadataMessage.Name) == 0 || extensions.MetadataSize is not { } size)
            return;
        if (!_metadata.IsPossible(size))
            Condemn(peer, FaultPhase.Wire, FaultCause.MetadataSize, $"claims metadata of {size} bytes; at most {_engine.Options.Metadata.MaxBytes} are accepted");
        else if (!_metadata.Add(peer.Session, size))
            Condemn(peer, FaultPhase.Wire, FaultCause.MetadataSize, $"claims metadata of {size} bytes, after another size");
        else
            AskForMetadata();
    }

    /// <summary>Once a tick: who owes too long fails, others are asked.</summary>
    private void PursueMetadata()
    {
        if (HasMetadata)
            return;
        foreach (var session in _metadata.Overdue(Now))
        {
            if (_sessions.TryGetValue(session, out var peer))
                Condemn(peer, FaultPhase.Transfer, FaultCause.MetadataTimeout, FormattableString.Invariant($"owes metadata and sent none for {_engine.Options.Metadata.Timeout.TotalSeconds:0.#} s"));
            _metadata.Remove(session);
        }
        if (_metadata.TakeWhole() is { } whole)
            Verify(whole);
        AskForMetadata();
    }

    private void AskForMetadata()
    {
        if (HasMetadata)
            return;
        foreach (var questions in _metadata.Ask(Now).GroupBy(static question => question.Session, static question => question.Piece))
        {
            if (_sessions.TryGetValue(questions.Key, out var peer))
                peer.Actor.Tell(new PeerProtocol.AskMetadata(peer.Session, [.. questions]));
        }
    }

    private void Verify(MetadataCopy copy) => _disk.Tell(new DiskProtocol.Submit(
        new MetadataJob(Self, _whenStopped.Token, copy, InfoHash, Tiers(known: null), _spec.Magnet?.WebSeeds ?? [], _engine.Resume)));

    private void OnVerified(MetadataJob job)
    {
        if (job.Fault is { } fault)
        {
            _log.Warning("Metadata of {0} could not be verified: {1}; it is tried again", InfoHash, fault.Reason);
            job.Copy.IsBeingVerified = false;
            return;
        }
        if (!job.IsMatch)
        {
            if (_metadata.Mismatch(job.Copy, Now) is { } liar)
            {
                _metadata.Remove(liar);
                Condemn(liar, "the metadata that it alone sent does not match the info hash", FaultCause.MetadataMismatch);
            }
            AskForMetadata();
            return;
        }
        if (job.Refusal is { } refusal)
        {
            Publish(new TorrentEvent.MetadataRefused(InfoHash, refusal));
            BeginStop();
            return;
        }
        if (job.SaveFault is { } failure)
            Publish(new TorrentEvent.MetadataNotKept(InfoHash, failure));
        foreach (var (session, isAboutSize) in _metadata.Found(job.Metainfo!.InfoBytes.Span))
        {
            if (!isAboutSize)
                Condemn(session, "its metadata differs from that of the info hash", FaultCause.MetadataMismatch);
            else if (_sessions.TryGetValue(session, out var peer))
                Condemn(peer, FaultPhase.Verify, FaultCause.MetadataSize, $"claims metadata of another size than the true one, {job.Metainfo.InfoBytes.Length} bytes");
        }
        Adopt(job.Metainfo);
    }

    /// <summary>The metadata is there: from now on it is a torrent like any other.</summary>
    private void Adopt(TorrentMetainfo metainfo)
    {
        Understand(metainfo);
        Publish(new TorrentEvent.MetadataReceived(InfoHash, metainfo));
        if (_spec.IsMetadataOnly)
        {
            BeginStop();
            return;
        }
        StartStorage(metainfo);
        _environment = NewEnvironment();
        if (metainfo.IsPrivate)
            LeaveStrangers();
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running)
                _picker.AddPeer(peer.Session);
            peer.Actor.Tell(new PeerProtocol.MetadataKnown(peer.Session, _environment));
        }
        _isRechecking = true;
        _storage.Tell(StorageProtocol.Open.Instance);
        SettlePhase();
    }

    private void Understand(TorrentMetainfo metainfo)
    {
        _metainfo = metainfo;
        _layout = metainfo.Layout;
        _picker = NewPicker();
        _priorities = NewPriorities();
        RankPieces();
    }

    /// <summary>A private torrent knows no peers but those of its trackers and its user (BEP 27); that it is one became known only now.</summary>
    private void LeaveStrangers()
    {
        foreach (var finder in _engine.Finders)
            finder.Tell(new DiscoveryProtocol.Unfollow(InfoHash));
        foreach (var peer in _sessions.Values.ToArray())
        {
            if (IsStranger(_directory.Find(peer.EndPoint)))
                Dismiss(peer, retryAt: null);
        }
        foreach (var peer in _directory.Peers.Where(IsStranger).ToArray())
            _directory.Drop(peer.EndPoint);

        static bool IsStranger(DirectoryPeer? peer) => peer?.Source is PeerSource.Dht or PeerSource.Pex or PeerSource.Lsd;
    }

    /// <summary>The first check of files, for metadata that came while peers were connected.</summary>
    private void OnFirstChecked(StorageProtocol.Checked message)
    {
        _isRechecking = false;
        _newPieces.AddRange(message.Have);
        _picker.SetHave(message.Have);
        TakeUp(message);
        TakeUpUnfinished(message.Unfinished);
        Publish(new TorrentEvent.Checked(InfoHash, message.Have.SetCount, _layout.PieceCount)
        {
            PiecesTrusted = message.PiecesTrusted,
            Rejection = message.Rejection,
            BlocksKept = message.Unfinished.Sum(piece => piece.Blocks.SetCount),
        });
        // What is complete at the start is not told to trackers as completed now.
        _isCompleteTold = true;
        SetHave(message.Have);
        if (!IsComplete)
            return;
        _completedAt ??= _engine.Time.GetUtcNow();
        Publish(new TorrentEvent.Completed(Snapshot()));
    }

    /// <summary>Trackers: of the torrent file, or of the magnet link, one a tier, and then those that were kept with its metadata.</summary>
    private IReadOnlyList<IReadOnlyList<Uri>> Tiers(TorrentMetainfo? known)
    {
        if (_spec.Magnet is not { } magnet)
            return known?.AnnounceTiers ?? [];
        var all = magnet.Trackers.ToList();
        foreach (var tracker in known?.AnnounceTiers.SelectMany(static tier => tier) ?? [])
        {
            if (!all.Contains(tracker))
                all.Add(tracker);
        }
        return [.. all.Select(static tracker => (IReadOnlyList<Uri>)[tracker])];
    }

    private MetadataProgress Progress() => _metadata.Best is { } copy
        ? new(copy.PieceCount - copy.Missing, copy.PieceCount, _metadata.SourceCount)
        : new(0, 0, _metadata.SourceCount);

    private sealed record NothingKept
    {
        public static readonly NothingKept Instance = new();
    }
}
