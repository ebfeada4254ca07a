using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Resume;

/// <summary>
/// A folder with one file of resume data a torrent, named by info hash, and of torrents that began as a magnet link their metadata. A file is replaced as a whole: at any instant there
/// is the old one or the new one. Blocking; one writer a torrent.
/// </summary>
/// <param name="folder">The folder; made when first written to.</param>
public sealed class ResumeStore(string folder)
{
    private const string Extension = ".resume";
    private const string TorrentExtension = ".torrent";
    private const int LargestFile = 256 << 20;

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The file that a torrent's resume data is in.</summary>
    public string PathOf(InfoHash infoHash) => Path.Join(Folder, infoHash + Extension);

    /// <summary>Reads a torrent's resume data; null when there is none.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <exception cref="ResumeFormatException">There is a file and it cannot be used: unreadable, torn, of another version or torrent.</exception>
    public ResumeData? Load(InfoHash infoHash)
    {
        var path = PathOf(infoHash);
        try
        {
            if (new FileInfo(path) is not { Exists: true } info)
                return null;
            if (info.Length > LargestFile)
                throw new ResumeFormatException("It is larger than any resume data.");
            var data = ResumeFormat.Decode(File.ReadAllBytes(path));
            return data.InfoHash == infoHash ? data : throw new ResumeFormatException("It is of another torrent.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ResumeFormatException(failure.Message, failure);
        }
    }

    /// <summary>Replaces a torrent's resume data: written beside the old file, forced to the disk, then renamed over it.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="IOException">The disk failed; the old file is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write; the old file is untouched.</exception>
    public void Save(ResumeData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Replace(PathOf(data.InfoHash), ResumeFormat.Encode(data));
    }

    /// <summary>The file in which the metadata of a torrent that began as a magnet link is kept: a torrent file.</summary>
    public string TorrentPathOf(InfoHash infoHash) => Path.Join(Folder, infoHash + TorrentExtension);

    /// <summary>Reads metadata that was kept; null when there is none, or it is damaged: then it has to be fetched again.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not ours to read.</exception>
    public TorrentMetainfo? LoadTorrent(InfoHash infoHash)
    {
        if (new FileInfo(TorrentPathOf(infoHash)) is not { Exists: true, Length: <= LargestFile } file)
            return null;
        try
        {
            var metainfo = TorrentFileParser.Parse(File.ReadAllBytes(file.FullName));
            return metainfo.InfoHash == infoHash ? metainfo : null;
        }
        catch (TorrentFormatException)
        {
            return null;
        }
    }

    /// <summary>Keeps the metadata of a torrent that began as a magnet link, replaced as a whole like resume data.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="file">The bytes of a torrent file.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public void SaveTorrent(InfoHash infoHash, ReadOnlySpan<byte> file) => Replace(TorrentPathOf(infoHash), file);

    private void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var fresh = path + ".new";
        Directory.CreateDirectory(Folder);
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, bytes.Length))
        {
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(fresh, path, overwrite: true);
        FolderSync.Flush(Folder);
    }

    /// <summary>Removes a torrent's resume data and metadata, if there is any.</summary>
    /// <param name="infoHash">The torrent.</param>
    public void Delete(InfoHash infoHash)
    {
        foreach (var path in (string[])[PathOf(infoHash), TorrentPathOf(infoHash)])
        {
            if (File.Exists(path))
                File.Delete(path);
            if (File.Exists(path + ".new"))
                File.Delete(path + ".new");
        }
    }

    /// <summary>The torrents that there are files of.</summary>
    public IReadOnlyList<InfoHash> List()
    {
        if (!Directory.Exists(Folder))
            return [];
        var found = new List<InfoHash>();
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + Extension))
        {
            if (InfoHash.TryParse(Path.GetFileNameWithoutExtension(path), out var hash))
                found.Add(hash);
        }
        return found;
    }
}
