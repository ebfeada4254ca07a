using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>Our own disk: its failures, resume data, checks on demand, moving the files.</content>
internal sealed partial class TorrentCoordinator
{
    private ResumeState _before = new();
    private DateTimeOffset? _completedAt;
    private DiskFault? _diskFault;
    private bool _isActive;
    private bool _isRechecking;
    private bool _isTakenUp;
    private bool _isCompleteTold;

    /// <summary>What every state but the last one does about the disk.</summary>
    private void ReceiveStorage()
    {
        Receive<StorageProtocol.DiskFailed>(failed =>
        {
            _diskFault = failed.Fault;
            Publish(new TorrentEvent.DiskFailed(InfoHash, failed.Fault));
            SetPhase(TorrentPhase.DiskError);
            if (!CanServe)
                ChokeAll();
        });
        Receive<StorageProtocol.DiskRecovered>(_ =>
        {
            _diskFault = null;
            Publish(new TorrentEvent.DiskRecovered(InfoHash));
            SettlePhase();
            FillSlots();
        });
        Receive<StorageProtocol.PiecesLost>(OnPiecesLost);
        Receive<StorageProtocol.FileRenamed>(renamed =>
            Publish(new TorrentEvent.FileRenamed(InfoHash, _layout.Files[renamed.File].Path, renamed.Path)));
        Receive<StorageProtocol.ResumeFailed>(failed => Publish(new TorrentEvent.ResumeFailed(InfoHash, failed.Fault)));
        Receive<StorageProtocol.ResumeSaved>(_ => { });
        Receive<StorageProtocol.FilesSelected>(_ => { });
        Receive<StorageProtocol.Located>(located => Context.Parent.Tell(new EngineProtocol.FindDisk(located.Folder, IsForMove: false)));
        Receive<CoordinatorProtocol.MoveStorage>(move => Context.Parent.Tell(new EngineProtocol.FindDisk(move.Folder, IsForMove: true)));
        Receive<EngineProtocol.DiskFound>(found => _storage.Tell(
            found.IsForMove ? new StorageProtocol.Move(found.Folder, found.Disk) : new StorageProtocol.UseDisk(found.Disk)));
        Receive<StorageProtocol.MoveProgress>(progress =>
            Publish(new TorrentEvent.MoveProgress(InfoHash, progress.BytesMoved, progress.BytesTotal)));
        Receive<StorageProtocol.Moved>(moved => Publish(new TorrentEvent.Moved(InfoHash, moved.Folder)));
        Receive<StorageProtocol.MoveFailed>(failed => Publish(new TorrentEvent.MoveFailed(InfoHash, failed.Fault)));
        Receive<SaveDue>(_ => OnSaveDue());
    }

    /// <summary>What the disk adds to the state in which peers are served.</summary>
    private void ReceiveRecheck()
    {
        Receive<StorageProtocol.CheckProgress>(progress => _piecesChecked = progress.PiecesChecked);
        Receive<StorageProtocol.Checked>(OnRechecked);
        Receive<CoordinatorProtocol.Recheck>(_ =>
        {
            if (_isRechecking)
                return;
            _isRechecking = true;
            _piecesChecked = 0;
            _storage.Tell(StorageProtocol.Check.Instance);
            SettlePhase();
        });
    }

    private void OnRechecked(StorageProtocol.Checked message)
    {
        // Nobody asked, or not for that: storage has lost what it knew, blocks of unfinished pieces too, and so has whoever counts on it.
        if (!_isRechecking || message.IsStart == _isTakenUp)
            throw new StorageCrashException();
        if (message.IsStart)
        {
            OnFirstChecked(message);
            return;
        }
        _isRechecking = false;
        Publish(new TorrentEvent.Checked(InfoHash, message.Have.SetCount, _layout.PieceCount));
        SetHave(message.Have);
    }

    private void OnPiecesLost(StorageProtocol.PiecesLost lost)
    {
        var have = _picker.Have.Clone();
        foreach (var piece in lost.Pieces)
            have.Clear(piece);
        Publish(new TorrentEvent.PiecesLost(InfoHash, lost.Pieces));
        SetHave(have);
    }

    private void SetHave(Wire.Peers.Bitfield have)
    {
        foreach (var piece in have)
        {
            if (!_picker.Have[piece])
                _newPieces.Add(piece);
        }
        var lost = _picker.Have.Where(piece => !have[piece]).ToArray();
        var wasComplete = IsComplete;
        _picker.SetHave(have);
        ServeReads();
        if (!IsComplete)
            _isCompleteTold = false;
        foreach (var peer in _sessions.Values)
        {
            if (lost.Length > 0 && peer.State == PeerState.Running)
                peer.Actor.Tell(new PeerProtocol.WeLost(lost));
        }
        TellNeed();
        DiscardPieces();
        SendHaves();
        foreach (var peer in _sessions.Values)
            UpdateInterest(peer);
        SettlePhase();
        if (!wasComplete || IsComplete)
            return;
        // While nothing was wanted, seeds were let go.
        _directory.Revive();
        DialMore();
    }

    /// <summary>The phase that follows from what is known, after a check or a failure of the disk has ended.</summary>
    private void SettlePhase()
    {
        if (_phase == TorrentPhase.Stopping)
            return;
        if (_diskFault is not null)
            SetPhase(TorrentPhase.DiskError);
        else if (!_isActive || _isRechecking)
            SetPhase(TorrentPhase.Checking);
        else if (_rest is { } reason)
            SetPhase(PhaseOf(reason));
        else if (!HasMetadata)
            SetPhase(TorrentPhase.FetchingMetadata);
        else if (!IsComplete)
            SetPhase(TorrentPhase.Downloading);
        else if (_isCompleteTold)
            SetPhase(TorrentPhase.Seeding);
        else
            Complete();
        FeedHungry();
        if (_phase is TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.Seeding)
            DialMore();
    }

    private void TakeUp(StorageProtocol.Checked message)
    {
        _before = message.State ?? new ResumeState { AddedAt = _engine.Time.GetUtcNow() };
        _completedAt = _before.CompletedAt;
        TakeUpPriorities(_before.Priorities.Span);
        _isTakenUp = true;
        SaveSoon();
    }

    /// <summary>What storage has of pieces that an earlier run began; what is not wanted of it is let go.</summary>
    private void TakeUpUnfinished(IReadOnlyList<UnfinishedPiece> unfinished)
    {
        foreach (var (piece, blocks) in unfinished)
        {
            if (!_picker.TryRestore(piece, blocks))
                _storage.Tell(new StorageProtocol.DiscardPiece(piece));
        }
    }

    private void SaveResume()
    {
        // Before that, what an earlier run left is not known yet.
        if (!_isTakenUp)
            return;
        _storage.Tell(new StorageProtocol.SaveResume(_before with
        {
            Downloaded = _before.Downloaded + _downloaded,
            Uploaded = _before.Uploaded + _uploaded,
            CompletedAt = _completedAt,
            Seeding = SeedingTime(),
            IsPaused = _rest == RestReason.Paused,
            Priorities = _priorities.Save(),
        }));
    }

    private sealed record SaveDue
    {
        public static readonly SaveDue Instance = new();
    }
}
