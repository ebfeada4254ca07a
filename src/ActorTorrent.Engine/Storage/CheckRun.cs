using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>How far a check of what is on disk has come.</summary>
internal sealed class CheckRun(FileLayout layout)
{
    private const long BytesPerJob = 4 << 20;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    private readonly int _piecesPerJob = (int)Math.Clamp(BytesPerJob / layout.PieceLength, 1, 1024);
    private readonly int _step = Math.Max(1, layout.PieceCount / 100);
    private int _next;
    private int _reported;
    private TimeSpan _reportedAt;

    /// <summary>Pieces found so far, and those that were verified and written while the check ran.</summary>
    public Bitfield Have { get; } = new(layout.PieceCount);

    /// <summary>Pieces looked at so far.</summary>
    public int Checked { get; private set; }

    /// <summary>Jobs under way.</summary>
    public int Running { get; private set; }

    public bool IsOver => Checked == layout.PieceCount && Running == 0;

    /// <summary>The next run of pieces to look at.</summary>
    public bool TryNext(out int first, out int count)
    {
        first = _next;
        count = Math.Min(_piecesPerJob, layout.PieceCount - _next);
        if (count == 0)
            return false;
        _next += count;
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
        if (Checked == _reported || (Checked < layout.PieceCount && Checked - _reported < _step && now - _reportedAt < ProgressEvery))
            return false;
        _reported = Checked;
        _reportedAt = now;
        return true;
    }
}
