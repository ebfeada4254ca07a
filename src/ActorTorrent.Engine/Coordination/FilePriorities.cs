using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// What a user wants of a torrent's files, and what rank that gives its pieces: a piece has the rank of the most wanted file that lies in
/// it. A program that shows a video wants both its ends at once: see <see cref="IsFirstAndLastFirst"/>.
/// </summary>
internal sealed class FilePriorities
{
    // Of skip, low, normal, high.
    private static readonly byte[] Saved = [0, 1, 4, 7];

    private readonly FileLayout _layout;
    private readonly FilePriority[] _files;

    /// <summary>Starts with every file at normal priority.</summary>
    public FilePriorities(FileLayout layout)
    {
        _layout = layout;
        _files = new FilePriority[layout.Files.Count];
        Array.Fill(_files, FilePriority.Normal);
    }

    /// <summary>Whether the first and the last piece of every wanted file come before all others.</summary>
    public bool IsFirstAndLastFirst { get; set; }

    /// <summary>A file's priority.</summary>
    /// <param name="file">Its index.</param>
    public FilePriority this[int file]
    {
        get => _files[file];
        set => _files[file] = value;
    }

    /// <summary>The priorities as resume data keeps them: a number from 0 (skip) to 7 (first) a file; nothing when all are normal.</summary>
    public ReadOnlyMemory<byte> Save() =>
        Array.TrueForAll(_files, file => file == FilePriority.Normal) ? default : Array.ConvertAll(_files, priority => Saved[(int)priority]);

    /// <summary>Takes over what <see cref="Save"/> gave; false, and nothing changes, when it is empty or of another torrent.</summary>
    public bool Load(ReadOnlySpan<byte> saved)
    {
        if (saved.Length != _files.Length)
            return false;
        for (var file = 0; file < saved.Length; file++)
            _files[file] = saved[file] switch { 0 => FilePriority.Skip, < 4 => FilePriority.Low, 4 => FilePriority.Normal, _ => FilePriority.High };
        return true;
    }

    /// <summary>The indices of the files that are wanted at all.</summary>
    public IReadOnlySet<int> Wanted() => Enumerable.Range(0, _files.Length).Where(file => _files[file] != FilePriority.Skip).ToHashSet();

    /// <summary>The rank of every piece. A file without bytes lies in none.</summary>
    public PieceRank[] Ranks()
    {
        var ranks = new PieceRank[_layout.PieceCount];
        Array.Fill(ranks, PieceRank.Skip);
        for (var file = 0; file < _files.Length; file++)
        {
            if (_files[file] == FilePriority.Skip || _layout.PiecesOf(file) is not var (first, last))
                continue;
            var rank = RankOf(_files[file]);
            for (var piece = first.Value; piece <= last.Value; piece++)
                Raise(ref ranks[piece], rank);
            if (!IsFirstAndLastFirst)
                continue;
            Raise(ref ranks[first.Value], PieceRank.Edge);
            Raise(ref ranks[last.Value], PieceRank.Edge);
        }
        return ranks;
    }

    private static void Raise(ref PieceRank rank, PieceRank atLeast)
    {
        if (atLeast < rank)
            rank = atLeast;
    }

    private static PieceRank RankOf(FilePriority priority) => priority switch
    {
        FilePriority.High => PieceRank.High,
        FilePriority.Normal => PieceRank.Normal,
        FilePriority.Low => PieceRank.Low,
        _ => PieceRank.Skip,
    };
}
