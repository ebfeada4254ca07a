using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Storage;

/// <content>What needs the files for itself: moving them to another folder, and other files being wanted.</content>
internal sealed partial class StorageActor
{
    private readonly Queue<Fence> _fences = new();
    private readonly Queue<StorageProtocol.ReadBlock> _heldReads = new();
    private bool _fenceRuns;
    private PendingMove? _move;
    private bool _removing;
    private string? _copiedFrom;
    private IReadOnlyList<string> _oldFiles = [];
    private string _oldFolder = string.Empty;
    private IReadOnlySet<int>? _selection;
    private bool _selectionFailed;

    /// <summary>Whether someone needs the files for itself: then writes wait.</summary>
    private bool IsFenced => _fenceRuns || (_fences.Count > 0 && _check is null && !_opening);

    private void ReceiveMoves()
    {
        Receive<StorageProtocol.Move>(OnMove);
        Receive<StorageProtocol.MoveProgress>(progress => _coordinator.Tell(progress));
        Receive<StorageProtocol.UseDisk>(use => _disk = use.Disk);
        Receive<StorageProtocol.SelectFiles>(select =>
        {
            _selection = select.Files;
            _selectionFailed = false;
            SelectAgain();
        });
    }

    private void SelectAgain()
    {
        _selectionFailed = false;
        var wanted = new WantedFiles(_layout, _selection);
        _fences.Enqueue(new Fence(StopsReads: true, () =>
        {
            var have = _have.Clone();
            Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Select, files => files.Select(wanted, have)));
        }));
        TryFence();
    }

    private void OnSelected(FilesJob job)
    {
        if (job.Fault is { } fault)
        {
            _selectionFailed = true;
            Fail(fault);
        }
        else
        {
            _changes++;
            _completed = false;
            // Only whole pieces were taken along from the side file.
            KeepNone();
            _coordinator.Tell(new StorageProtocol.FilesSelected(_selection));
        }
        EndFence();
    }

    private void OnMove(StorageProtocol.Move move)
    {
        if (_move is not null)
        {
            _coordinator.Tell(new StorageProtocol.MoveFailed(
                new DiskFault("move", move.Folder, $"The files are on their way to {_move.Folder}.", IsFatal: false)));
            return;
        }
        var copies = Volumes.Of(move.Folder) != Volumes.Of(_files.OutputFolder);
        _move = new PendingMove(move.Folder, move.Disk, copies);
        _fences.Enqueue(new Fence(StopsReads: !copies, StartMove));
        TryFence();
    }

    /// <summary>Before the first file goes, resume data says so: a renaming that is broken off can then be ended, a copy be taken back.</summary>
    private void StartMove()
    {
        var move = _move!;
        if (_store is not null)
            Save(_store, move);
        else
            SubmitMove(move);
    }

    private void SubmitMove(PendingMove move)
    {
        _move = move with { Stage = MoveStage.Moving };
        _oldFolder = _files.OutputFolder;
        Submit(new MoveJob(Self, _whenStopped, _files, move.Folder, move.Copies, _layout.TotalLength));
    }

    private void OnMoved(MoveJob job)
    {
        var move = _move!;
        _changes++;
        if (job.Fault is { } fault)
        {
            _move = null;
            _log.Warning("The files cannot be moved to {0}: {1}", fault.Path, fault.Reason);
            _coordinator.Tell(new StorageProtocol.MoveFailed(fault));
            // Resume data may still say that they are on their way.
            _saveDue = _store is not null;
            EndFence();
            return;
        }
        _disk = move.Disk;
        _oldFiles = job.Old;
        _copiedFrom = move.Copies ? _oldFolder : null;
        _move = move with { Stage = MoveStage.Saving };
        if (_store is not null)
            Save(_store);
        else
            EndMove(isSaved: true);
    }

    private void GoOnMoving(PendingMove move, bool isSaved)
    {
        switch (move.Stage)
        {
            case MoveStage.Waiting when _fenceRuns && isSaved:
                SubmitMove(move);
                break;
            case MoveStage.Waiting when _fenceRuns:
                _move = null;
                _coordinator.Tell(new StorageProtocol.MoveFailed(
                    new DiskFault("move", move.Folder, "Resume data could not be saved before it.", IsFatal: false)));
                EndFence();
                break;
            case MoveStage.Saving:
                EndMove(isSaved);
                break;
        }
    }

    private void EndMove(bool isSaved)
    {
        // Without saved resume data the old files are what the next start would look for.
        if (isSaved)
            RemoveOldFiles();
        else
            _saveDue = true;
        _move = null;
        _coordinator.Tell(new StorageProtocol.Moved(_files.OutputFolder));
        EndFence();
    }

    private void RemoveOldFiles()
    {
        if (_oldFiles.Count == 0)
            return;
        var (old, folder) = (_oldFiles, _oldFolder);
        _oldFiles = [];
        _removing = true;
        Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Remove, _ => FilesMove.Delete(old, folder)));
    }

    private void TryFence()
    {
        if (_fences.Count == 0 || _fenceRuns || _check is not null || _opening || _isWriting || _completing || _probing || _saving || _removing
            || (_fences.Peek().StopsReads && _reading > 0))
        {
            return;
        }
        _fenceRuns = true;
        _fences.Peek().Start();
    }

    private void EndFence()
    {
        _fences.Dequeue();
        _fenceRuns = false;
        StartPieces();
        for (var left = _heldReads.Count; left > 0; left--)
            OnReadBlock(_heldReads.Dequeue());
        if (_checkDue)
            OnCheck();
        CompleteIfComplete();
        SettleFault();
        TrySave();
        TryFence();
        AnswerFlush();
    }

    private enum MoveStage
    {
        Waiting,
        Moving,
        Saving,
    }

    /// <summary>Work that needs the files for itself. Writes wait while it waits for its turn or runs.</summary>
    private sealed record Fence(bool StopsReads, Action Start);

    private sealed record PendingMove(string Folder, IActorRef Disk, bool Copies)
    {
        public MoveStage Stage { get; init; }
    }
}
