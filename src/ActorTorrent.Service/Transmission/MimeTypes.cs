using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Transmission;

/// <summary>What kind of files a torrent holds, by their names.</summary>
internal static class MimeTypes
{
    private const string Other = "application/octet-stream";

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mkv"] = "video/x-matroska",
        [".mp4"] = "video/mp4",
        [".m4v"] = "video/mp4",
        [".avi"] = "video/x-msvideo",
        [".webm"] = "video/webm",
        [".mov"] = "video/quicktime",
        [".mpg"] = "video/mpeg",
        [".ts"] = "video/mp2t",
        [".mp3"] = "audio/mpeg",
        [".flac"] = "audio/flac",
        [".ogg"] = "audio/ogg",
        [".opus"] = "audio/opus",
        [".m4a"] = "audio/mp4",
        [".wav"] = "audio/wav",
        [".jpg"] = "image/jpeg",
        [".png"] = "image/png",
        [".pdf"] = "application/pdf",
        [".epub"] = "application/epub+zip",
        [".zip"] = "application/zip",
        [".gz"] = "application/gzip",
        [".xz"] = "application/x-xz",
        [".7z"] = "application/x-7z-compressed",
        [".rar"] = "application/vnd.rar",
        [".iso"] = "application/x-iso9660-image",
        [".tar"] = "application/x-tar",
        [".txt"] = "text/plain",
        [".html"] = "text/html",
    };

    /// <summary>A file's kind.</summary>
    public static string Of(string name) => Types.GetValueOrDefault(Path.GetExtension(name), Other);

    /// <summary>The kind that most of a torrent's bytes are of.</summary>
    public static string Of(TorrentMetainfo? metainfo) => metainfo is null
        ? Other
        : metainfo.Layout.Files.GroupBy(static file => Of(file.Segments[^1]), StringComparer.Ordinal).MaxBy(static kind => kind.Sum(static file => file.Length))!.Key;
}
