using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Resume;

/// <summary>
/// A folder with one file of resume data a torrent, named by info hash. A file is replaced as a whole: at any instant there
/// is the old one or the new one. Blocking; one writer a torrent.
/// </summary>
/// <param name="folder">The folder; made when first written to.</param>
public sealed class ResumeStore(string folder)
{
    private const string Extension = ".resume";
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
        var bytes = ResumeFormat.Encode(data);
        var path = PathOf(data.InfoHash);
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

    /// <summary>Removes a torrent's resume data, if there is any.</summary>
    /// <param name="infoHash">The torrent.</param>
    public void Delete(InfoHash infoHash)
    {
        var path = PathOf(infoHash);
        if (File.Exists(path))
            File.Delete(path);
        if (File.Exists(path + ".new"))
            File.Delete(path + ".new");
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
