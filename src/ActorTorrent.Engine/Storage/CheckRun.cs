using ActorTorrent.Engine.Hashing;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>How far a check of what is on disk has come.</summary>
internal sealed class CheckRun
{
    private const int BytesPerJob = 4 << 20;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    private readonly Bitfield? _suspect;
    private readonly int _pieceCount;
    private readonly int _piecesPerJob;
    private readonly int _step;
    private int _next;
    private int _reported;
    private TimeSpan _reportedAt;

    /// <param name="layout">The torrent.</param>
    /// <param name="suspect">The pieces to look at; null for all.</param>
    /// <param name="trusted">Pieces that are there for sure; null for none.</param>
    public CheckRun(FileLayout layout, Bitfield? suspect = null, Bitfield? trusted = null)
    {
        _suspect = suspect;
        _pieceCount = layout.PieceCount;
        _piecesPerJob = Math.Min(PieceBatch.PiecesFor(BytesPerJob, layout.PieceLength), 1024);
        _step = Math.Max(1, layout.PieceCount / 100);
        Checked = suspect is null ? 0 : layout.PieceCount - suspect.SetCount;
        Have = trusted?.Clone() ?? new Bitfield(layout.PieceCount);
    }

    /// <summary>Pieces found so far or trusted, and those that were verified and written while the check ran.</summary>
    public Bitfield Have { get; }

    /// <summary>Pieces that were looked at so far or need not be.</summary>
    public int Checked { get; private set; }

    /// <summary>Jobs under way.</summary>
    public int Running { get; private set; }

    /// <summary>Whether every piece is looked at that has to be.</summary>
    public bool IsOver => Checked == _pieceCount && Running == 0;

    /// <summary>Whether the answer is to go to the coordinator as the whole truth; else only what was lost does.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>The next run of pieces to look at.</summary>
    public bool TryNext(out int first, out int count)
    {
        if (_suspect is not null)
        {
            while (_next < _pieceCount && !_suspect[new PieceIndex(_next)])
                _next++;
        }
        first = _next;
        while (_next < _pieceCount && _next - first < _piecesPerJob && (_suspect is null || _suspect[new PieceIndex(_next)]))
            _next++;
        count = _next - first;
        if (count == 0)
            return false;
        Running++;
        return true;
    }

    public void Add(CheckJob job)
    {
        Running--;
        Checked += job.Count;
        for (var i = 0; i < job.Count; i++)
        {
            if (job.Matched[i])
                Have.Set(new PieceIndex(job.First + i));
        }
    }

    /// <summary>Whether it is time for a progress message: a percent more, or a quarter of a second later.</summary>
    public bool ShouldReport(TimeSpan now)
    {
        if (Checked == _reported || (Checked < _pieceCount && Checked - _reported < _step && now - _reportedAt < ProgressEvery))
            return false;
        _reported = Checked;
        _reportedAt = now;
        return true;
    }
}
