namespace ActorTorrent.Service.Api;

/// <summary>The media types of files that browsers show or play. Whatever could hold a script is not among them.</summary>
internal static class MediaTypes
{
    /// <summary>Bytes that nobody looks into.</summary>
    public const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = "video/mp4",
        [".m4v"] = "video/mp4",
        [".mov"] = "video/mp4",
        [".webm"] = "video/webm",
        [".mkv"] = "video/x-matroska",
        [".ogv"] = "video/ogg",
        [".ogg"] = "audio/ogg",
        [".oga"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".mp3"] = "audio/mpeg",
        [".m4a"] = "audio/mp4",
        [".aac"] = "audio/aac",
        [".flac"] = "audio/flac",
        [".wav"] = "audio/wav",
        [".weba"] = "audio/webm",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".avif"] = "image/avif",
        [".bmp"] = "image/bmp",
        [".pdf"] = "application/pdf",
        [".txt"] = "text/plain; charset=utf-8",
        [".nfo"] = "text/plain; charset=utf-8",
        [".md"] = "text/plain; charset=utf-8",
        [".srt"] = "text/plain; charset=utf-8",
        [".vtt"] = "text/vtt; charset=utf-8",
    };

    /// <summary>The type of a file; null when a browser has no use for it.</summary>
    public static string? Of(string path) => Types.GetValueOrDefault(Path.GetExtension(path));
}
