using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>A torrent whose files have other names on disk than its torrent file says. The bytes behind the info hash stay.</summary>
internal static class RenamedMetainfo
{
    /// <summary>Lays names over a torrent's own.</summary>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="renamed">Paths by file index, '/' between the parts.</param>
    /// <param name="name">Its new name; null for its own.</param>
    public static TorrentMetainfo Of(TorrentMetainfo metainfo, IReadOnlyDictionary<int, string> renamed, string? name)
    {
        if (renamed.Count == 0 && name is null)
            return metainfo;
        var files = metainfo.Layout.Files
            .Select(file => renamed.TryGetValue(file.Index, out var path) ? file with { Segments = path.Split('/') } : file)
            .ToArray();
        return new TorrentMetainfo
        {
            InfoHash = metainfo.InfoHash,
            Name = name ?? metainfo.Name,
            Layout = new FileLayout(files, metainfo.Layout.PieceLength),
            PieceHashes = metainfo.PieceHashes,
            InfoBytes = metainfo.InfoBytes,
            IsPrivate = metainfo.IsPrivate,
            AnnounceTiers = metainfo.AnnounceTiers,
            IgnoredTrackers = metainfo.IgnoredTrackers,
            WebSeeds = metainfo.WebSeeds,
            Comment = metainfo.Comment,
            CreatedBy = metainfo.CreatedBy,
            CreationDate = metainfo.CreationDate,
            Source = metainfo.Source,
            IsHybrid = metainfo.IsHybrid,
        };
    }

    /// <summary>
    /// What a rename of a file or folder changes, as Transmission means it: the path is one of the torrent's, the name a single new last
    /// part. Answers the paths that are new, and the torrent's name if its top was renamed.
    /// </summary>
    /// <param name="layout">The torrent's files as they are named now.</param>
    /// <param name="path">A file's or folder's path in the torrent.</param>
    /// <param name="name">Its new name.</param>
    /// <exception cref="SessionException">There is no such path, the name cannot be used, or it is taken.</exception>
    public static (IReadOnlyDictionary<int, string> Paths, string? Name) Rename(FileLayout layout, string path, string name)
    {
        if (name.Length is 0 or > 255 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\0', '\\') || name.Any(char.IsControl))
            throw new SessionException(SessionErrorKind.Invalid, "The new name is empty, too long, or holds what a name must not.");
        var from = path.TrimEnd('/').Split('/');
        var changed = new Dictionary<int, string>();
        foreach (var file in layout.Files)
        {
            if (file.Segments.Count >= from.Length && file.Segments.Take(from.Length).SequenceEqual(from, StringComparer.Ordinal))
                changed[file.Index] = string.Join('/', [.. from[..^1], name, .. file.Segments.Skip(from.Length)]);
        }
        if (changed.Count == 0)
            throw new SessionException(SessionErrorKind.NotFound, "No file or folder of the torrent has that path.");
        var target = string.Join('/', [.. from[..^1], name]);
        foreach (var file in layout.Files)
        {
            if (!changed.ContainsKey(file.Index) && (file.Path == target || file.Path.StartsWith(target + "/", StringComparison.Ordinal)))
                throw new SessionException(SessionErrorKind.Conflict, "The torrent has something of that name there already.");
        }
        return (changed, from.Length == 1 ? name : null);
    }
}
