using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Storage;

/// <summary>Which of a torrent's files the user wants, and the pieces that they need. Immutable.</summary>
internal sealed class WantedFiles
{
    private readonly IReadOnlySet<int>? _files;
    private readonly FileLayout _layout;
    private readonly Bitfield _pieces;

    /// <param name="layout">The files.</param>
    /// <param name="files">Indices of the files wanted; null for all.</param>
    public WantedFiles(FileLayout layout, IReadOnlySet<int>? files)
    {
        _layout = layout;
        _files = files is not null && layout.Files.All(file => file.IsPadding || files.Contains(file.Index)) ? null : files;
        _pieces = new Bitfield(layout.PieceCount);
        foreach (var file in layout.Files)
        {
            if (!Contains(file.Index) || layout.PiecesOf(file.Index) is not { } pieces)
                continue;
            for (var piece = pieces.First.Value; piece <= pieces.Last.Value; piece++)
                _pieces.Set(new PieceIndex(piece));
        }
    }

    /// <summary>Whether every file is wanted.</summary>
    public bool IsAll => _files is null;

    /// <summary>Whether a file is wanted; padding never is.</summary>
    public bool Contains(int file) => !_layout.Files[file].IsPadding && (_files is null || _files.Contains(file));

    /// <summary>Whether every piece of every wanted file is there.</summary>
    public bool IsComplete(Bitfield have) => !_pieces.HasAnyNotIn(have);
}
