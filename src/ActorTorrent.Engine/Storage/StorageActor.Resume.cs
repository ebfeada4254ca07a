using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Storage;

/// <content>Resume data: what is trusted at the start, what is saved and when; files that changed under us.</content>
internal sealed partial class StorageActor
{
    private readonly InfoHash _infoHash;
    private readonly string _origin;
    private readonly ResumeStore? _store;
    private readonly bool _keepsPriorities;
    private readonly HashSet<int> _changed = [];
    private readonly HashSet<PieceIndex> _keeping = [];
    private Bitfield? _suspects;
    private OpenJob? _opened;
    private bool _opening;
    private bool _checkDue;
    private ResumeState? _state;
    private ResumeState? _savedState;
    private bool _saveDue;
    private bool _saving;
    private bool _savedSynced;
    private long _changes;
    private long _savingChanges;
    private long _savedChanges = -1;
    private TimeSpan _lastWriteAt;
    private TimeSpan _savedAt;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void ReceiveResume()
    {
        Receive<StorageProtocol.Open>(_ => OnOpen());
        Receive<StorageProtocol.SaveResume>(save =>
        {
            _state = save.State;
            _saveDue = _store is not null;
            TrySave();
        });
    }

    private void OnOpen()
    {
        if (_opening || _check is not null)
            return;
        _opening = true;
        SubmitOpen();
    }

    private void SubmitOpen() => Submit(new OpenJob(Self, _whenStopped, _files, _layout, _infoHash, _store, _origin, _keepsPriorities, _pool));

    private void OnOpened(OpenJob job)
    {
        if (job.Fault is { } fault)
        {
            Release(job.Restored);
            Fail(fault);
            return;
        }
        _opening = false;
        _opened = job;
        foreach (var buffer in job.Restored)
        {
            // A peer's blocks that are here already come first: it is known who sent them.
            if (buffer.Filled().IsEmpty || !_slots.TryAdd(buffer.Piece, buffer))
                buffer.Release();
        }
        _state ??= job.Resume?.State;
        if (job.Rejection is { } rejection)
            _log.Info("The resume data of {0} is not used, everything is checked: {1}", _infoHash, rejection);
        if (!ResumeCheck.IsSame(_files.OutputFolder, _origin))
            _coordinator.Tell(new StorageProtocol.Located(_files.OutputFolder));
        _check = new CheckRun(_layout, job.Verdict?.Suspect, job.Verdict?.Trusted);
        CheckMore(_check);
        SettleFault();
    }

    /// <summary>Hashes the pieces of files that another program changed; what does not match any more is lost.</summary>
    private void CheckChanged()
    {
        var suspect = new Bitfield(_layout.PieceCount);
        foreach (var file in _changed)
        {
            _files.Forget(file);
            // The side file may hold bytes of every file that is not wanted.
            var touched = file == _files.PartsIndex ? _layout.Files.Where(f => !_files.Wanted.Contains(f.Index)).Select(f => f.Index) : [file];
            foreach (var (first, last) in touched.Select(index => _layout.PiecesOf(index)).OfType<(PieceIndex First, PieceIndex Last)>())
            {
                for (var piece = first; piece.Value <= last.Value; piece = new PieceIndex(piece.Value + 1))
                {
                    if (_have[piece])
                        suspect.Set(piece);
                }
            }
        }
        _changed.Clear();
        var trusted = _have.Clone();
        foreach (var piece in suspect)
            trusted.Clear(piece);
        // Until they are checked nobody is served from them.
        _suspects = suspect;
        _have = trusted.Clone();
        _check = new CheckRun(_layout, suspect, trusted) { IsWhole = false };
        CheckMore(_check);
    }

    /// <summary>Saves if that is due and the moment allows it. What is claimed is collected here, from pieces whose writes are done.</summary>
    private void TrySave()
    {
        if (!_saveDue || _saving || _opening || _check is not null || _fenceRuns || _store is null)
            return;
        // The last save waits for the last write.
        if (_flushes > 0 && (_isWriting || _completing || _probing))
            return;
        _saveDue = false;
        if (IsSavedAlready())
            return;
        Save(_store);
    }

    private bool IsSavedAlready()
    {
        // Once more after the system has surely written everything by itself: that the save is so late is the proof of it.
        var settles = !_savedSynced && _savedAt - _lastWriteAt < ResumeCheck.Settled && Now - _lastWriteAt >= ResumeCheck.Settled;
        return _changes == _savedChanges && _state == _savedState && !settles;
    }

    private void Save(ResumeStore store, PendingMove? move = null)
    {
        _saving = true;
        _savingChanges = _changes;
        _state ??= new ResumeState();
        // A verified piece is written by a job of its own; until that is done, what was kept of it before is all that can be named.
        List<KeptPiece> unfinished =
        [
            .. _slots.Values.Select(buffer => new KeptPiece(buffer, writes: true)),
            .. _pending.Values.Select(piece => new KeptPiece(piece.Buffer, writes: false)),
        ];
        _keeping.UnionWith(unfinished.Where(piece => piece.IsNews).Select(piece => piece.Piece));
        var data = new ResumeData
        {
            InfoHash = _infoHash,
            Have = _have.Clone(),
            Files = [],
            Origin = _origin,
            Folder = _files.OutputFolder,
            MovingTo = move is { Copies: false } ? move.Folder : null,
            CopyingTo = move is { Copies: true } ? move.Folder : null,
            CopiedFrom = _copiedFrom,
            SavedAt = DateTimeOffset.UtcNow,
            Boot = BootId.Current,
            State = _state,
        };
        Submit(new ResumeJob(Self, _whenStopped, _files, _layout, unfinished, store, data, _options.Sync == SyncPolicy.OnResumeSave));
    }

    private void OnResumeSaved(ResumeJob job)
    {
        _saving = false;
        _keeping.Clear();
        foreach (var piece in job.Unfinished)
            piece.Note();
        if (job.Unfinished.Any(piece => piece.IsNews))
            _lastWriteAt = Now;
        if (job.UnfinishedFault is { } kept)
            _log.Info("Blocks of unfinished pieces cannot be kept in {0}: {1}", kept.Path, kept.Reason);
        if (job.StateFault is { } stateFault)
        {
            _log.Warning("Resume data cannot be saved to {0}: {1}", stateFault.Path, stateFault.Reason);
            _coordinator.Tell(new StorageProtocol.ResumeFailed(stateFault));
        }
        else if (job.Fault is { } fault)
        {
            if (_fault is null && fault.Kind != DiskFaultKind.Changed)
                _unreadable ??= FirstHeld();
            Fail(fault);
        }
        else
        {
            _savedChanges = _savingChanges;
            _savedState = job.Data.State;
            _savedSynced = job.Data.IsSynced;
            _savedAt = Now;
            _coordinator.Tell(new StorageProtocol.ResumeSaved(job.Data.Have.SetCount));
        }
        var isSaved = job.StateFault is null && job.Fault is null;
        if (_move is { } move)
            GoOnMoving(move, isSaved);
        else if (isSaved)
            RemoveOldFiles();
        StartPieces();
        if (_checkDue)
            OnCheck();
        TrySave();
        AnswerFlush();
    }

    private void KeepNone()
    {
        foreach (var buffer in _slots.Values)
            buffer.KeepNone();
    }

    private static void Release(IEnumerable<PieceBuffer> buffers)
    {
        foreach (var buffer in buffers)
            buffer.Release();
    }

    /// <summary>A block to try to read when a save found a file gone, so that its return is noticed.</summary>
    private BlockRequest? FirstHeld()
    {
        foreach (var piece in _have)
            return new BlockRequest(piece, 0, _layout.BlockSize(piece, 0));
        return null;
    }
}
