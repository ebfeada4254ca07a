using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// A torrent's bytes: puts blocks together to pieces, checks them, has them written and read by the disk of its volume, and
/// tells the coordinator, its parent, as <see cref="StorageProtocol"/> says. Its own disk's failures are messages: a piece
/// that cannot be written is kept and tried again.
/// </summary>
/// <remarks>
/// After a restart it checks the disk by itself, so the coordinator gets a <see cref="StorageProtocol.Checked"/> that it did
/// not ask for; blocks of unfinished pieces are gone then.
/// </remarks>
internal sealed partial class StorageActor : ObservedReceiveActor, IWithTimers
{
    private const int LongestRead = 1 << 20;
    private const int KeptSums = 1 << 16;

    // One reads while the other hashes.
    private const int LeastChecksAtOnce = 2;

    private readonly FileLayout _layout;
    private readonly PieceHashes _hashes;
    private readonly TorrentFiles _files;
    private readonly StorageOptions _options;
    private readonly PieceBufferPool _pool;
    private readonly IActorRef _coordinator = Context.Parent;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationToken _whenStopped;

    private readonly Dictionary<PieceIndex, PieceBuffer> _slots = [];
    private readonly List<PieceBuffer> _full = [];
    private readonly FailedPieceSums _failedSums = new(KeptSums);
    private readonly Dictionary<PieceIndex, PendingPiece> _pending = [];
    private IActorRef _disk;
    private Bitfield _have;
    private CheckRun? _check;
    private long _pendingBytes;
    private int _reading;
    private int _flushes;
    private bool _isHigh;
    private bool _isNew = true;
    private bool _completed;
    private bool _completing;
    private DiskFault? _fault;
    private BlockRequest? _unreadable;
    private bool _probing;
    private TimeSpan _retryDelay;

    public StorageActor(
        FileLayout layout, PieceHashes hashes, InfoHash infoHash, string outputFolder, IReadOnlySet<int>? wantedFiles,
        StorageOptions options, IActorRef disk, PieceBufferPool pool, ResumeStore? store, bool keepsPriorities, DiskAccess? access, LoanCount? readLoans)
    {
        _keepsPriorities = keepsPriorities;
        _infoHash = infoHash;
        _origin = Path.GetFullPath(outputFolder);
        _store = store;
        _retryDelay = options.RetryDelay;
        _layout = layout;
        _hashes = hashes;
        _options = options;
        _disk = disk;
        _pool = pool;
        _whenStopped = _stopped.Token;
        _files = new TorrentFiles(layout, infoHash, outputFolder, wantedFiles, options.OpenFiles, options.Allocation)
        {
            Access = access ?? DiskAccess.Direct,
            ReadLoans = readLoans,
        };
        _have = new Bitfield(layout.PieceCount);

        Receive<StorageProtocol.StoreBlocks>(stored => OnStoreBlocks(stored.Batch));
        Receive<StorageProtocol.ReadBlock>(OnReadBlock);
        Receive<DiskProtocol.Finished>(finished => OnFinished(finished.Job));
        Receive<StorageProtocol.Drain>(drain => _coordinator.Tell(new StorageProtocol.Drained(drain.Peer)));
        Receive<StorageProtocol.DiscardPiece>(discard => Discard(discard.Piece));
        Receive<StorageProtocol.Check>(_ => OnCheck());
        Receive<StorageProtocol.Flush>(_ => OnFlush());
        Receive<StorageProtocol.Remove>(remove => OnRemove(remove.WithData));
        Receive<Retry>(_ => OnRetry());
        ReceivePieces();
        ReceiveResume();
        ReceiveMoves();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorKind Kind => ActorKind.Storage;

    protected override string State => _fault is not null ? "DiskError" : _check is not null ? "Checking" : "Running";

    /// <param name="layout">The torrent's files and pieces.</param>
    /// <param name="hashes">The pieces' hashes.</param>
    /// <param name="infoHash">The torrent's identity.</param>
    /// <param name="outputFolder">The folder that everything is written below.</param>
    /// <param name="wantedFiles">Indices of the files to make; null for all.</param>
    /// <param name="options">Bounds and delays.</param>
    /// <param name="disk">The <see cref="DiskActor"/> of the folder's volume.</param>
    /// <param name="store">Where resume data is kept; null for nowhere.</param>
    /// <param name="keepsPriorities">Whether what resume data says of the files holds instead of <paramref name="wantedFiles"/>.</param>
    /// <param name="access">How bytes get to files and back; null for the system's calls.</param>
    /// <param name="loans">Counts buffers out on loan; null when nobody does.</param>
    public static Props Props(
        FileLayout layout, PieceHashes hashes, InfoHash infoHash, string outputFolder, IReadOnlySet<int>? wantedFiles,
        StorageOptions options, IActorRef disk, ResumeStore? store = null, bool keepsPriorities = false, DiskAccess? access = null,
        BufferLoans? loans = null)
    {
        var kept = (int)Math.Clamp(2 * options.WriteBudgetBytes / layout.PieceLength, 4, 128);
        return Props(
            layout, hashes, infoHash, outputFolder, wantedFiles, options, disk, new PieceBufferPool(layout.PieceLength, kept, loans?.Pieces), store, keepsPriorities, access,
            loans?.Reads);
    }

    /// <summary>As above, with a pool that the caller can watch.</summary>
    internal static Props Props(
        FileLayout layout, PieceHashes hashes, InfoHash infoHash, string outputFolder, IReadOnlySet<int>? wantedFiles,
        StorageOptions options, IActorRef disk, PieceBufferPool pool, ResumeStore? store = null, bool keepsPriorities = false, DiskAccess? access = null,
        LoanCount? readLoans = null) =>
        Akka.Actor.Props.Create(() => new StorageActor(
            layout, hashes, infoHash, outputFolder, wantedFiles, options, disk, pool, store, keepsPriorities, access, readLoans));

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Self.Tell(StorageProtocol.Open.Instance);
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        foreach (var buffer in _slots.Values)
            buffer.Release();
        foreach (var piece in _pending.Values)
            piece.Buffer.Release();
        _slots.Clear();
        _pending.Clear();
        _pool.Trim();
        // Nobody hears of the end, and it must run although this actor has stopped.
        _disk.Tell(new DiskProtocol.Submit(
            new FilesJob(ActorRefs.Nobody, CancellationToken.None, _files, FilesJob.Kind.Close, static files => files.Dispose())));
        base.PostStop();
    }

    private void OnStoreBlocks(BlockBatch batch)
    {
        var wasted = 0;
        try
        {
            foreach (ref readonly var received in batch.Blocks)
            {
                if (!TryStore(received, batch.Peer))
                    wasted += received.Data.Length;
            }
        }
        finally
        {
            batch.ReleaseData();
        }
        _coordinator.Tell(wasted == 0 ? batch.Stored : new StorageProtocol.BlocksStored(batch, wasted));
        // Only after the batch was booked: what the coordinator hears of a piece then includes its last block.
        foreach (var buffer in _full)
            OnFull(buffer);
        _full.Clear();
    }

    private bool TryStore(in ReceivedBlock received, int peer)
    {
        var piece = received.Block.Piece;
        if ((uint)piece.Value >= (uint)_layout.PieceCount || received.Data.Length != received.Block.Length)
            return false;
        if (!_slots.TryGetValue(piece, out var buffer))
        {
            if (_have[piece] || _pending.ContainsKey(piece))
                return false;
            buffer = _pool.Rent(piece, _layout.PieceSize(piece));
            _slots.Add(piece, buffer);
        }
        if (!buffer.TryStore(received.Block.Offset, received.Data.Span, peer))
            return false;
        _changes++;
        if (buffer.IsFull)
            _full.Add(buffer);
        return true;
    }

    private void Discard(PieceIndex piece)
    {
        if (_slots.Remove(piece, out var buffer))
            buffer.Release();
    }

    private void OnReadBlock(StorageProtocol.ReadBlock read)
    {
        var block = read.Block;
        if (!IsReadable(block) || _reading + _heldReads.Count >= _options.QueuedReads)
        {
            read.ReplyTo.Tell(new StorageProtocol.BlockUnreadable(block)
            {
                Parts = read.Parts,
                IsLacking = (uint)block.Piece.Value < (uint)_layout.PieceCount && !_have[block.Piece],
            });
            return;
        }
        if (IsFenced && _fences.Peek().StopsReads)
        {
            _heldReads.Enqueue(read);
            return;
        }
        _reading++;
        Submit(new ReadJob(Self, _whenStopped, _files, _layout.PieceOffset(block.Piece) + block.Offset, read));
    }

    private bool IsReadable(BlockRequest block) =>
        (uint)block.Piece.Value < (uint)_layout.PieceCount
        && _have[block.Piece]
        && block.Offset >= 0
        && block.Length is > 0 and <= LongestRead
        && block.Offset <= _layout.PieceSize(block.Piece) - block.Length;

    private void OnFinished(DiskJob job)
    {
        if (job.IsCancelled)
        {
            // Of the instance before a restart: its pieces are checked anew, its readers must not wait for ever.
            if (job is ReadJob orphan)
                Answer(orphan, isGood: true);
            if (job is OpenJob stale)
                Release(stale.Restored);
            return;
        }
        switch (job)
        {
            case PieceJob pieces:
                OnPiecesDone(pieces);
                break;
            case ReadJob read:
                OnRead(read);
                break;
            case CheckJob check:
                OnPiecesChecked(check);
                break;
            case FilesJob files:
                OnFilesDone(files);
                break;
            case OpenJob open:
                OnOpened(open);
                break;
            case ResumeJob resume:
                OnResumeSaved(resume);
                break;
            case MoveJob move:
                OnMoved(move);
                break;
        }
        while (_files.TryTakeRenamed(out var file, out var path))
        {
            _log.Warning("The file system refuses the name of {0}: it is {1}", _layout.Files[file].Path, path);
            _coordinator.Tell(new StorageProtocol.FileRenamed(file, path));
        }
        TryFence();
    }

    private void OnRead(ReadJob job)
    {
        _reading--;
        if (job.Fault is { } fault)
        {
            _unreadable = job.Block;
            Fail(fault);
        }
        // The piece may have come under suspicion while its bytes were read.
        Answer(job, isGood: _have[job.Block.Piece]);
    }

    private static void Answer(ReadJob job, bool isGood)
    {
        if (!isGood)
            job.Discard();
        if (job.Buffer is { } buffer)
            job.ReplyTo.Tell(new StorageProtocol.BlockRead(job.Block, buffer) { Parts = job.Parts });
        else
            job.ReplyTo.Tell(new StorageProtocol.BlockUnreadable(job.Block) { Parts = job.Parts });
    }

    private void OnCheck()
    {
        // A check of everything that runs already answers this one too.
        if (_check is { IsWhole: true })
            return;
        // A save may be writing blocks, which must not land on a piece that the check has found good.
        if (_check is not null || _opening || _fenceRuns || _saving)
        {
            _checkDue = true;
            return;
        }
        _checkDue = false;
        _opened = null;
        _changed.Clear();
        KeepNone();
        _check = new CheckRun(_layout);
        Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Rescan, static files =>
        {
            files.Rescan();
            files.MarkDirty();
        }));
    }

    private void CheckMore(CheckRun check)
    {
        // More at once would hash no faster, and each holds the memory of many pieces.
        var most = Math.Min(_options.Workers, Math.Max(LeastChecksAtOnce, Environment.ProcessorCount));
        while (check.Running < most && check.TryNext(out var first, out var count))
            Submit(new CheckJob(Self, _whenStopped, _files, _layout, _hashes, first, count));
        if (check.IsOver)
            EndCheck(check);
    }

    private void OnPiecesChecked(CheckJob job)
    {
        if (_check is not { } check)
            return;
        check.Add(job);
        if (job.Fault is { } fault)
        {
            var piece = job.FailedAt ?? new PieceIndex(job.First);
            _unreadable = new BlockRequest(piece, 0, _layout.BlockSize(piece, 0));
            Fail(fault);
        }
        if (check.ShouldReport(Context.System.Scheduler.MonotonicClock))
            _coordinator.Tell(new StorageProtocol.CheckProgress(check.Checked, _layout.PieceCount));
        CheckMore(check);
    }

    private void EndCheck(CheckRun check)
    {
        _check = null;
        _changes++;
        _have = check.Have;
        foreach (var piece in _slots.Keys.Where(piece => _have[piece]).ToArray())
            Discard(piece);
        _completed = false;
        if (check.IsWhole)
        {
            _coordinator.Tell(new StorageProtocol.Checked(_have.Clone())
            {
                State = _opened?.Resume?.State,
                PiecesTrusted = _opened?.Verdict?.Trusted.SetCount ?? 0,
                Rejection = _opened?.Rejection,
                IsStart = _isNew,
                Unfinished = [.. _slots.Values.Where(buffer => _opened is not null).Select(buffer => new UnfinishedPiece(buffer.Piece, buffer.Filled()))],
            });
            _opened = null;
            _isNew = false;
        }
        else
        {
            var lost = _suspects!.Where(piece => !_have[piece]).ToArray();
            _suspects = null;
            if (lost.Length > 0)
                _coordinator.Tell(new StorageProtocol.PiecesLost(lost));
        }
        CompleteIfComplete();
        SettleFault();
        if (_checkDue)
            OnCheck();
        TrySave();
        TryFence();
        AnswerFlush();
    }

    private void CompleteIfComplete()
    {
        if (_completed || _completing || IsFenced || _opening || _check is { IsWhole: true } || !_files.IsComplete(_have))
            return;
        _completing = true;
        var syncs = _options.Sync != SyncPolicy.Never;
        Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Complete, files => files.Complete(syncs)));
    }

    private void OnFilesDone(FilesJob job)
    {
        switch (job.Task)
        {
            case FilesJob.Kind.Rescan:
                if (_check is { } check)
                    CheckMore(check);
                break;
            case FilesJob.Kind.Complete:
                _completing = false;
                _completed = job.Fault is null;
                _changes++;
                if (job.Fault is { } fault)
                    Fail(fault);
                else
                    _pool.Trim();
                SettleFault();
                AnswerFlush();
                break;
            case FilesJob.Kind.Probe:
                _probing = false;
                if (job.Fault is { } stillUnreadable)
                    Fail(stillUnreadable);
                else
                    _unreadable = null;
                SettleFault();
                AnswerFlush();
                break;
            case FilesJob.Kind.Select:
                OnSelected(job);
                break;
            case FilesJob.Kind.Delete:
                _coordinator.Tell(new StorageProtocol.Removed(job.Fault));
                break;
            case FilesJob.Kind.Remove:
                _removing = false;
                _copiedFrom = null;
                _changes++;
                TryFence();
                AnswerFlush();
                break;
            case FilesJob.Kind.Close:
                for (; _flushes > 0; _flushes--)
                    _coordinator.Tell(StorageProtocol.Flushed.Instance);
                break;
        }
    }

    private void OnFlush()
    {
        _flushes++;
        _isDue = true;
        StartPieces();
        _saveDue = _store is not null;
        AnswerFlush();
    }

    private void OnRemove(bool withData)
    {
        var (store, infoHash) = (_store, _infoHash);
        Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Delete, files =>
        {
            store?.Delete(infoHash);
            if (withData)
                FilesRemoval.Delete(files);
        }));
    }

    private void AnswerFlush()
    {
        if (_flushes == 0 || _isWriting || _completing || _probing || _saving || _removing || _fenceRuns || (_pending.Count > 0 && _fault is null))
            return;
        TrySave();
        if (_saving)
            return;
        Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Close, static files => files.CloseAll()));
    }

    private void Fail(DiskFault fault)
    {
        // Told once, and once more when it turns out that trying again will not help.
        if (_fault is null || (fault.IsFatal && !_fault.IsFatal))
        {
            _log.Warning("{0} of {1} failed: {2}", fault.Operation, fault.Path, fault.Reason);
            _fault = fault;
            _coordinator.Tell(new StorageProtocol.DiskFailed(fault));
        }
        if (fault is { Kind: DiskFaultKind.Changed, File: { } file })
            _changed.Add(file);
        if (Timers.IsTimerActive(Retry.Key))
            return;
        Timers.StartSingleTimer(Retry.Key, Retry.Instance, _retryDelay);
        _retryDelay = _retryDelay * 2 < _options.MaxRetryDelay ? _retryDelay * 2 : _options.MaxRetryDelay;
    }

    private void OnRetry()
    {
        if (_opening)
        {
            SubmitOpen();
            return;
        }
        _isDue = true;
        StartPieces(retries: true);
        if (_changed.Count > 0 && _check is null)
            CheckChanged();
        else if (_unreadable is { } block && !_probing)
        {
            _probing = true;
            var offset = _layout.PieceOffset(block.Piece) + block.Offset;
            var mustBeThere = _have[block.Piece];
            Submit(new FilesJob(Self, _whenStopped, _files, FilesJob.Kind.Probe, files => Probe(files, offset, block.Length, mustBeThere)));
        }
        if (_selectionFailed)
            SelectAgain();
        CompleteIfComplete();
        SettleFault();
    }

    private static void Probe(TorrentFiles files, long offset, int length, bool mustBeThere)
    {
        var bytes = new byte[length];
        if (mustBeThere)
            files.Read(offset, bytes);
        else
            files.TryRead(offset, bytes);
    }

    /// <summary>Ends a fault once all that failed was tried again and none of it failed: any failure since then runs the timer.</summary>
    private void SettleFault()
    {
        if (_fault is null || _isWriting || _probing || _completing || _opening || _selectionFailed || _check is { IsWhole: false }
            || Timers.IsTimerActive(Retry.Key))
        {
            return;
        }
        _fault = null;
        _retryDelay = _options.RetryDelay;
        _log.Info("The disk works again.");
        _coordinator.Tell(StorageProtocol.DiskRecovered.Instance);
        // What became full meanwhile was held back.
        StartPieces();
    }

    private void Submit(DiskJob job) => _disk.Tell(new DiskProtocol.Submit(job));

    /// <summary>Storage → itself: try again what failed.</summary>
    private sealed record Retry
    {
        public const string Key = "retry";

        public static readonly Retry Instance = new();
    }
}
