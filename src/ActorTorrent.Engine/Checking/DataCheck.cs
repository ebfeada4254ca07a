using ActorTorrent.Engine.Hashing;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Checking;

/// <summary>Compares files on disk with a torrent, without an engine: hashes every piece, on all cores, and changes nothing.</summary>
public sealed class DataCheck
{
    private const int BytesPerTurn = 4 << 20;
    private const int OpenFiles = 64;

    private readonly TorrentMetainfo _torrent;
    private readonly TorrentFiles _files;
    private readonly WorkProgress _progress;
    private readonly Lock _gate = new();
    private readonly Bitfield _have;
    private readonly int _piecesPerTurn;
    private int _turn;
    private DiskFault? _fault;

    private DataCheck(TorrentMetainfo torrent, TorrentFiles files, WorkProgress progress)
    {
        _torrent = torrent;
        _files = files;
        _progress = progress;
        _have = new Bitfield(torrent.Layout.PieceCount);
        _piecesPerTurn = PieceBatch.PiecesFor(BytesPerTurn, torrent.Layout.PieceLength);
    }

    /// <summary>Checks a torrent's files.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="folder">The folder that its file, or its folder, lies in.</param>
    /// <param name="progress">Counts the bytes looked at; null when nobody looks.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public static async Task<DataCheckResult> RunAsync(
        TorrentMetainfo torrent, string folder, WorkProgress? progress = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var files = new TorrentFiles(torrent.Layout, torrent.InfoHash, folder, wanted: null, OpenFiles);
        var check = new DataCheck(torrent, files, progress ?? new WorkProgress(torrent.Layout.TotalLength));
        var turns = (torrent.Layout.PieceCount + check._piecesPerTurn - 1) / check._piecesPerTurn;
        await Cores.RunAsync(stop => check.TakeTurns(turns, stop), turns, cancelled).ConfigureAwait(false);
        return check.Conclude();
    }

    private void TakeTurns(int turns, CancellationToken stop)
    {
        var layout = _torrent.Layout;
        for (int turn; (turn = Interlocked.Increment(ref _turn) - 1) < turns;)
        {
            stop.ThrowIfCancellationRequested();
            var first = turn * _piecesPerTurn;
            var job = new CheckJob(
                ActorRefs.Nobody, stop, _files, layout, _torrent.PieceHashes, first, Math.Min(_piecesPerTurn, layout.PieceCount - first));
            job.Run();
            lock (_gate)
            {
                _fault ??= job.Fault;
                for (var i = 0; i < job.Count; i++)
                {
                    if (job.Matched[i])
                        _have.Set(new PieceIndex(first + i));
                }
            }
            for (var i = 0; i < job.Count; i++)
                _progress.Add(layout.PieceSize(new PieceIndex(first + i)));
        }
    }

    private DataCheckResult Conclude()
    {
        var layout = _torrent.Layout;
        var files = new List<FileCheck>(layout.Files.Count);
        var missing = new Bitfield(layout.PieceCount);
        foreach (var file in layout.Files)
        {
            if (file.IsPadding)
                continue;
            var found = new FileInfo(_files.PathOf(file.Index));
            var length = LengthOf(found);
            var (pieces, good) = CountPieces(file.Index);
            files.Add(new FileCheck(file, StateOf(file, length, pieces == good), length, pieces, good));
            if ((length ?? 0) < file.Length)
                AddMissing(missing, file, length ?? 0);
        }
        return new DataCheckResult(_have, missing.SetCount, layout.PieceCount - _have.SetCount - missing.SetCount, files, _fault);
    }

    private static long? LengthOf(FileInfo found)
    {
        if (found.LinkTarget is not null)
            found = new FileInfo(Links.Resolve(found.FullName));
        return found.Exists ? found.Length : null;
    }

    private static FileCheckState StateOf(TorrentFileEntry file, long? length, bool allGood) => length switch
    {
        null => FileCheckState.Missing,
        { } n when n < file.Length => FileCheckState.TooShort,
        { } n when n > file.Length => FileCheckState.TooLong,
        _ => allGood ? FileCheckState.Good : FileCheckState.Damaged,
    };

    private (int All, int Good) CountPieces(int file)
    {
        if (_torrent.Layout.PiecesOf(file) is not { } pieces)
            return (0, 0);
        var good = 0;
        for (var piece = pieces.First.Value; piece <= pieces.Last.Value; piece++)
            good += _have[new PieceIndex(piece)] ? 1 : 0;
        return (pieces.Last.Value - pieces.First.Value + 1, good);
    }

    private void AddMissing(Bitfield missing, TorrentFileEntry file, long length)
    {
        var first = (int)((file.Offset + length) / _torrent.Layout.PieceLength);
        var last = _torrent.Layout.PiecesOf(file.Index)!.Value.Last.Value;
        for (var piece = first; piece <= last; piece++)
        {
            if (!_have[new PieceIndex(piece)])
                missing.Set(new PieceIndex(piece));
        }
    }
}
