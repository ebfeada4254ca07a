using System.Text;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Creation;

/// <summary>The files below a path, listed and ordered: what a torrent is to be made of.</summary>
public sealed class SourceTree
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    private readonly CreationStyle _style;
    private readonly string? _except;
    private readonly CancellationToken _cancelled;
    private readonly List<SourceFile> _found = [];
    private readonly List<string> _skipped = [];
    private readonly Stack<string> _folders = new();

    private SourceTree(string root, string name, CreationStyle style, string? except, CancellationToken cancelled)
    {
        Root = root;
        Name = name;
        _style = style;
        _except = except is null ? null : Path.GetFullPath(except);
        _cancelled = cancelled;
    }

    /// <summary>The file or folder, as a full path.</summary>
    public string Root { get; }

    /// <summary>What the torrent is called: the name of the file or folder.</summary>
    public string Name { get; }

    /// <summary>Whether the content is one file and no folder.</summary>
    public bool IsSingleFile { get; private set; }

    /// <summary>The files in the torrent's order.</summary>
    public IReadOnlyList<SourceFile> Files { get; private set; } = [];

    /// <summary>The sum of the files' lengths, in bytes; 1 at least.</summary>
    public long TotalLength { get; private set; }

    /// <summary>What was left out though it is no file of the kind that the style leaves out, a line each.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Lists the files. Links are followed, wherever they lead. Blocking.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="style">Which files count, and in which order.</param>
    /// <param name="except">A file that is not part of the content though it may lie in it: the torrent itself.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="CreationException">There is nothing to make a torrent of, or something that cannot be part of one.</exception>
    public static SourceTree Scan(string path, CreationStyle style = CreationStyle.Standard, string? except = null, CancellationToken cancelled = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            var resolved = Links.Resolve(root);
            var tree = new SourceTree(root, Path.GetFileName(style == CreationStyle.Transmission ? resolved : root), style, except, cancelled);
            tree.Scan(resolved);
            return tree;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var fault = DiskFaults.From("list", root, e);
            throw new CreationException(CreationFailure.Disk, $"{fault.Path}: {fault.Reason}", e);
        }
    }

    private void Scan(string resolved)
    {
        if (Name.Length == 0)
            throw Bad(Root, "it has no name that a torrent could take; name a folder below it.");
        Check(Root, Name);
        if (Directory.Exists(resolved))
        {
            AddFolder(Root, resolved, []);
            if (_found.Count == 0)
                throw Bad(Root, _style == CreationStyle.Transmission ? "the folder holds no file but empty and hidden ones." : "the folder holds no file.");
        }
        else
        {
            IsSingleFile = true;
            if (!File.Exists(resolved))
                throw Bad(Root, "no such file or folder.");
            if (!RegularFiles.Contains(resolved))
                throw Bad(Root, "it is neither a file nor a folder.");
            AddFile(new FileInfo(resolved), Root, []);
        }
        TotalLength = _found.Sum(static file => file.Length);
        if (TotalLength == 0)
            throw Bad(Root, IsSingleFile ? "the file is empty; there is nothing to share." : "all files are empty; there is nothing to share.");
        Files = SourceOrder.Sort(_found, _style);
    }

    private void AddFolder(string path, string resolved, string[] segments)
    {
        if (_folders.Contains(resolved))
            throw Bad(path, "the link leads back to a folder that it lies in; remove it.");
        _folders.Push(resolved);
        try
        {
            foreach (var entry in new DirectoryInfo(resolved).EnumerateFileSystemInfos("*", Everything))
            {
                _cancelled.ThrowIfCancellationRequested();
                AddEntry(entry, Path.Join(path, entry.Name), [.. segments, entry.Name]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var fault = DiskFaults.From("list", path, e);
            throw new CreationException(CreationFailure.Disk, $"{fault.Path}: {fault.Reason}", e);
        }
        _folders.Pop();
    }

    private void AddEntry(FileSystemInfo entry, string path, string[] segments)
    {
        if (_style == CreationStyle.Transmission && entry.Name.StartsWith('.'))
            return;
        if (string.Equals(path, _except, StringComparison.Ordinal))
            return;
        var resolved = entry.LinkTarget is null ? entry.FullName : Links.Resolve(entry.FullName);
        if (Directory.Exists(resolved))
        {
            AddFolder(path, resolved, segments);
            return;
        }
        var file = new FileInfo(resolved);
        if (!file.Exists)
        {
            if (entry.LinkTarget is null)
            {
                throw entry.Name.Contains('\uFFFD', StringComparison.Ordinal)
                    ? Bad(path, "the name is not UTF-8; rename it.")
                    : new CreationException(CreationFailure.Changed, $"{path}: it was there and is gone; try again when nobody changes the folder.");
            }
            if (_style != CreationStyle.Transmission)
                throw Bad(path, $"the link leads nowhere (to {entry.LinkTarget}); remove it.");
            _skipped.Add($"{path}: a link that leads nowhere");
            return;
        }
        // Only what has no length can be something else than a file, and asking costs a call each.
        if (file.Length == 0 && !RegularFiles.Contains(resolved))
        {
            _skipped.Add($"{path}: neither a file nor a folder");
            return;
        }
        if (file.Length > 0 || _style != CreationStyle.Transmission)
            AddFile(file, path, segments);
    }

    private void AddFile(FileInfo file, string path, string[] segments)
    {
        foreach (var segment in segments)
            Check(path, segment);
        var bytes = Encoding.UTF8.GetByteCount(Name) + segments.Sum(static segment => Encoding.UTF8.GetByteCount(segment) + 1);
        if (bytes > PathRules.MaxPathBytes)
            throw Bad(path, FormattableString.Invariant($"its path is {bytes} bytes long in the torrent; at most {PathRules.MaxPathBytes} are accepted."));
        _found.Add(new SourceFile(segments, path, file.Length, file.LastWriteTimeUtc));
    }

    private static void Check(string path, string name)
    {
        if (PathRules.Refuse(name) is { } reason)
            throw Bad(path, $"the name {reason}, so that a torrent of it would be refused; rename it.");
    }

    private static CreationException Bad(string path, string message) => new(CreationFailure.BadInput, $"{path}: {message}");
}
