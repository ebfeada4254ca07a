using System.Collections.Concurrent;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// Where each file of a torrent lies below its output folder: under its own name, or under one of <see cref="SafeNames"/> where the file
/// system refuses that. The side file counts as one more behind the torrent's own. Safe for use from several threads.
/// </summary>
internal sealed class FilePaths
{
    private readonly FileLayout _layout;
    private readonly string _partsName;
    private readonly ConcurrentQueue<(int File, string Path)> _renamed = new();
    private volatile Root _root;

    /// <param name="layout">The files.</param>
    /// <param name="partsName">The side file's name.</param>
    /// <param name="output">The folder that everything stays in.</param>
    public FilePaths(FileLayout layout, string partsName, string output)
    {
        _layout = layout;
        _partsName = partsName;
        _root = NewRoot(output);
    }

    /// <summary>The folder that everything is in now.</summary>
    public string Output => _root.Output;

    /// <summary>The side file's place behind the torrent's own files.</summary>
    public int PartsIndex => _layout.Files.Count;

    /// <summary>The side file's path.</summary>
    public string Parts => Of(PartsIndex);

    /// <summary>Where a file lies, or would lie if it were made and the file system took its name.</summary>
    public string Of(int file)
    {
        var root = _root;
        return root.Paths[file] ??= Find(root, file);
    }

    /// <summary>Where a file may be made: where it would lie, and then under each of the other names.</summary>
    public IEnumerable<string> Candidates(int file) => OthersOf(_root, file).Prepend(Of(file)).Distinct(StringComparer.Ordinal);

    /// <summary>A file was made under another name than the torrent's.</summary>
    public void Rename(int file, string path)
    {
        _root.Paths[file] = path;
        _renamed.Enqueue((file, path));
    }

    /// <summary>A file that got another name than the torrent's since the last call; false when there is none.</summary>
    public bool TryTakeRenamed(out int file, out string path)
    {
        var taken = _renamed.TryDequeue(out var renamed);
        (file, path) = renamed;
        return taken;
    }

    /// <summary>From now on everything is in another folder, at the same paths below it.</summary>
    public void SwitchTo(string output)
    {
        var old = _root;
        var root = NewRoot(output);
        for (var file = 0; file <= PartsIndex; file++)
        {
            if (old.Paths[file] is { } path)
                root.Paths[file] = Path.Join(root.Output, Path.GetRelativePath(old.Output, path));
        }
        _root = root;
    }

    /// <summary>Forgets under which names the files were found.</summary>
    public void Forget() => Array.Clear(_root.Paths);

    private Root NewRoot(string folder) => new(Path.GetFullPath(folder), new string?[_layout.Files.Count + 1]);

    private string Find(Root root, int file)
    {
        if (file == PartsIndex)
            return Path.Join(root.Output, _partsName);
        var own = Path.Join([root.Output, .. _layout.Files[file].Segments]);
        return File.Exists(own) ? own : OthersOf(root, file).FirstOrDefault(File.Exists) ?? own;
    }

    private IEnumerable<string> OthersOf(Root root, int file) =>
        file == PartsIndex ? [] : SafeNames.Of(_layout.Files[file].Segments).Select(segments => Path.Join([root.Output, .. segments]));

    /// <summary>The folder, and where in it each file lies, as far as that was looked up; the side file comes last.</summary>
    private sealed record Root(string Output, string?[] Paths);
}
