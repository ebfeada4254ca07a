using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>A quick look, without hashing, at whether a torrent's files can be all there.</summary>
internal static class MissingData
{
    /// <summary>Says what is missing; null when every file is there and long enough.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="folder">The folder that its file, or its folder, lies in.</param>
    public static string? Describe(TorrentMetainfo torrent, string folder)
    {
        var missing = torrent.Layout.Files.Where(file => !file.IsPadding && file.Length > LengthOf(Path.Join([folder, .. file.Segments]))).ToList();
        if (missing.Count == 0)
            return null;
        var more = missing.Count == 1 ? "" : $", nor are {Text.Count(missing.Count - 1, "other file")}";
        return $"{Text.Printable(missing[0].Path)} is not there, or not whole{more}; 'check' says more, 'download --seed' fetches what is missing";
    }

    private static long LengthOf(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return target is { Exists: true } ? target.Length : 0;
    }
}
